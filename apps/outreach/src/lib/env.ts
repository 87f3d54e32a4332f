import type { SecurityPolicy } from '@openward/portal/content-security-policy'
import { identityOrigin, type PortalEnv, readPortalEnv } from '@openward/portal/portal-env'

export const BASE_PATH = '/outreach'

/** Read at request time, so that one build fits all environments. */
export function portalEnv(): PortalEnv {
  return readPortalEnv(process.env, 'outreach')
}

export function securityPolicy(): SecurityPolicy {
  return {
    identityOrigin: identityOrigin(portalEnv()),
    isDevelopment: process.env.NODE_ENV === 'development',
  }
}
