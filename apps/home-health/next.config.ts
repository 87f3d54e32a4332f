import { portalConfig } from '@openward/portal/next-config'

export default portalConfig('/home-health')
