import type { ClientMetadata } from 'oidc-provider'

/** Every portal is a client of its own: separate token caches, separate grants, one sign-in. */
const PORTALS = [
  { clientId: 'patient-access', basePath: '/patient' },
  { clientId: 'care-management', basePath: '/care' },
  { clientId: 'home-health', basePath: '/home-health' },
  { clientId: 'outreach', basePath: '/outreach' },
] as const

const PUBLIC_CLIENT = {
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  require_auth_time: true,
} satisfies Partial<ClientMetadata>

export function clients(publicOrigin: string): ClientMetadata[] {
  return [
    ...PORTALS.map(({ clientId, basePath }) => ({
      ...PUBLIC_CLIENT,
      client_id: clientId,
      application_type: 'web' as const,
      redirect_uris: [`${publicOrigin}${basePath}/auth/redirect`],
      post_logout_redirect_uris: [`${publicOrigin}${basePath}`, `${publicOrigin}${basePath}/`],
    })),
    {
      ...PUBLIC_CLIENT,
      client_id: 'cli',
      // native: any port of the loopback address (RFC 8252, section 7.3)
      application_type: 'native',
      redirect_uris: ['http://127.0.0.1/callback'],
    },
  ]
}
