import { createRequestConfig } from '@openward/portal/request-config'
import english from '../../messages/en.json'
import spanish from '../../messages/es.json'

export default createRequestConfig({ en: english, es: spanish })
