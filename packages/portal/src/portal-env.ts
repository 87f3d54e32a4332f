export type PortalEnv = {
  AUTH_MODE: 'oidc' | 'entra'
  OIDC_ISSUER: string
  OIDC_CLIENT_ID: string
  OIDC_API_SCOPE: string
  ENTRA_TENANT_ID: string | undefined
  ENTRA_AUTHORITY: string | undefined
}

type Source = Readonly<Record<string, string | undefined>>

function requireUrl(name: string, value: string): string {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw new Error(`${name} must be an http or https URL, not "${value}"`)
  return value
}

/** What a portal reads from its environment, checked. Throws an `Error` that names the variable that is wrong. */
export function readPortalEnv(source: Source, clientId: string): PortalEnv {
  const mode = source['AUTH_MODE'] || 'oidc'
  if (mode !== 'oidc' && mode !== 'entra') throw new Error(`AUTH_MODE must be oidc or entra, not "${mode}"`)
  const tenant = source['ENTRA_TENANT_ID'] || undefined
  const authority = source['ENTRA_AUTHORITY'] || undefined
  if (mode === 'entra' && !tenant && !authority)
    throw new Error('AUTH_MODE=entra needs ENTRA_TENANT_ID or ENTRA_AUTHORITY')
  return {
    AUTH_MODE: mode,
    OIDC_ISSUER: requireUrl('OIDC_ISSUER', source['OIDC_ISSUER'] || 'http://localhost:3000/identity'),
    OIDC_CLIENT_ID: source['OIDC_CLIENT_ID'] || clientId,
    OIDC_API_SCOPE: source['OIDC_API_SCOPE'] || 'api://openward/access_as_user',
    ENTRA_TENANT_ID: tenant,
    ENTRA_AUTHORITY: authority && requireUrl('ENTRA_AUTHORITY', authority),
  }
}

/** The origin where people sign in, for the Content-Security-Policy. */
export function identityOrigin(env: PortalEnv): string {
  if (env.AUTH_MODE === 'oidc') return new URL(env.OIDC_ISSUER).origin
  return new URL(env.ENTRA_AUTHORITY ?? 'https://login.microsoftonline.com').origin
}
