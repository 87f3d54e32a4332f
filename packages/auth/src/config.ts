/** Everything sign-in needs in the browser; nothing secret. Read per request, so that one build fits all places. */
export type AuthConfig = {
  mode: 'oidc' | 'entra'
  clientId: string
  /** MSAL wants an `https` name; in `oidc` mode the addresses that are called are those in `endpoints`. */
  authority: string
  /** The scope of the API's access token. */
  apiScope: string
  /** Where the portal lives: `/patient`. */
  basePath: string
  /** `oidc` mode only: given here, so that nothing has to be discovered. */
  endpoints?: OidcEndpoints
}

export type OidcEndpoints = {
  issuer: string
  authorization_endpoint: string
  token_endpoint: string
  end_session_endpoint: string
  jwks_uri: string
}

type Source = Readonly<Record<string, string | undefined>>

function requireWebAddress(name: string, value: string): string {
  const isWeb = URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
  if (!isWeb) throw new Error(`${name} must be an http or https address, not "${value}"`)
  return value.replace(/\/+$/, '')
}

function entraAuthority(env: Source): string {
  if (env['ENTRA_AUTHORITY']) return requireWebAddress('ENTRA_AUTHORITY', env['ENTRA_AUTHORITY'])
  if (env['ENTRA_TENANT_ID']) return `https://login.microsoftonline.com/${env['ENTRA_TENANT_ID']}`
  throw new Error('AUTH_MODE=entra needs ENTRA_TENANT_ID or ENTRA_AUTHORITY')
}

/**
 * Sign-in settings from the portal's environment: `AUTH_MODE` (`oidc`, the default, or `entra`), `OIDC_ISSUER`,
 * `OIDC_CLIENT_ID` (else `clientId`), `OIDC_API_SCOPE`, `ENTRA_TENANT_ID` or `ENTRA_AUTHORITY`.
 * Throws an `Error` that names the variable that is wrong.
 */
export function authConfigFromEnv(env: Source, portal: { basePath: string; clientId: string }): AuthConfig {
  const mode = env['AUTH_MODE'] || 'oidc'
  if (mode !== 'oidc' && mode !== 'entra') throw new Error(`AUTH_MODE must be oidc or entra, not "${mode}"`)
  const { basePath } = portal
  const clientId = env['OIDC_CLIENT_ID'] || portal.clientId
  const apiScope = env['OIDC_API_SCOPE'] || 'api://openward/access_as_user'
  if (mode === 'entra') return { mode, clientId, apiScope, basePath, authority: entraAuthority(env) }
  const issuer = requireWebAddress('OIDC_ISSUER', env['OIDC_ISSUER'] || 'http://localhost:3000/identity')
  const endpoints = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    end_session_endpoint: `${issuer}/session/end`,
    jwks_uri: `${issuer}/jwks`,
  }
  return { mode, clientId, apiScope, basePath, authority: issuer.replace(/^http:/, 'https:'), endpoints }
}
