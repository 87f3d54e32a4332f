import type { AuthConfig } from '@openward/auth/config'

/** The origin where people sign in, for the Content-Security-Policy. */
export function identityOrigin(config: AuthConfig): string {
  return new URL(config.endpoints?.issuer ?? config.authority).origin
}
