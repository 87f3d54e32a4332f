import { type AuthConfig, authConfigFromEnv } from '@openward/auth/config'
import type { SecurityPolicy } from '@openward/portal/content-security-policy'
import { identityOrigin } from '@openward/portal/identity-origin'

export const BASE_PATH = '/patient'

/** Read at request time, so that one build fits all environments. */
export function authConfig(): AuthConfig {
  return authConfigFromEnv(process.env, { basePath: BASE_PATH, clientId: 'patient-access' })
}

export function securityPolicy(): SecurityPolicy {
  return {
    identityOrigin: identityOrigin(authConfig()),
    isDevelopment: process.env.NODE_ENV === 'development',
  }
}
