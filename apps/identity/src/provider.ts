import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import Provider, { errors, interactionPolicy, type Configuration } from 'oidc-provider'
import type { Account, Accounts } from '#/accounts.ts'
import { clients } from '#/clients.ts'
import type { Env } from '#/env.ts'
import type { Keys } from '#/keys.ts'
import { localeOf, type Locale } from '#/pages/locale.ts'
import { themeOf } from '#/pages/theme.ts'
import { failedPage, notFoundPage, signedOutPage, signingOutPage, troublePage } from '#/pages/notices.ts'
import type { PageMaker } from '#/pages/page.ts'
import type { Store } from '#/store.ts'

type Parts = { env: Env; keys: Keys; store: Store; accounts: Accounts; pages: PageMaker; log: Logger }

const API = 'api://openward'
const API_SCOPE = `${API}/access_as_user`
const OPENID_SCOPE = 'openid profile offline_access'
const HALF_A_DAY_SECONDS = 12 * 60 * 60

function claimsOf({ sub, username, name, roles, organization, fhirUser }: Account) {
  return { sub, oid: sub, name, preferred_username: username, roles, organization, fhirUser }
}

function tokenConfiguration({ env, accounts }: Parts): Configuration {
  return {
    async findAccount(_context, sub) {
      const account = accounts.bySub(sub)
      return account && { accountId: sub, claims: async () => claimsOf(account) }
    },
    scopes: ['openid', 'profile', 'offline_access'],
    claims: {
      openid: ['sub', 'oid', 'roles', 'organization', 'fhirUser'],
      profile: ['name', 'preferred_username'],
    },
    // the ID token carries the scope's claims, as Microsoft Entra's does
    conformIdTokenClaims: false,
    formats: {
      customizers: {
        jwt(context, token, parts) {
          const { scope, ...payload } = parts.payload
          const account = 'accountId' in token ? accounts.bySub(token.accountId) : undefined
          if (!account) throw new errors.InvalidGrant('unknown account')
          const { AuthorizationCode: code, RefreshToken: refresh } = context.oidc.entities
          parts.payload = {
            ...payload,
            ...claimsOf(account),
            scp: String(scope)
              .split(' ')
              .map((one) => one.slice(one.lastIndexOf('/') + 1))
              .join(' '),
            auth_time: code?.authTime ?? refresh?.authTime,
          }
        },
      },
    },
    // oidc-provider drops offline_access without a consent page; a portal gets its refresh token all the same
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    // signing out of one portal ends the refresh tokens of all
    expiresWithSession: async () => true,
    ttl: {
      AccessToken: env.accessTokenSeconds,
      AuthorizationCode: 60,
      IdToken: 60 * 60,
      Interaction: 30 * 60,
      RefreshToken: HALF_A_DAY_SECONDS,
      Session: HALF_A_DAY_SECONDS,
      Grant: HALF_A_DAY_SECONDS,
    },
  }
}

function features(env: Env, pages: PageMaker): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    revocation: { enabled: true },
    userinfo: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => API,
      // code and refresh exchanges that name no `resource` get a token for the API
      useGrantedResource: () => true,
      getResourceServerInfo(_context, resource) {
        if (resource !== API) throw new errors.InvalidTarget()
        return {
          scope: API_SCOPE,
          audience: API,
          accessTokenFormat: 'jwt',
          accessTokenTTL: env.accessTokenSeconds,
          jwt: { sign: { alg: 'RS256' } },
        }
      },
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource(context, form) {
        context.body = pages.render(signingOutPage(localeOf(context.req), form), themeOf(context.req))
      },
      postLogoutSuccessSource(context) {
        context.body = pages.render(signedOutPage(localeOf(context.req)), themeOf(context.req))
      },
    },
  }
}

/** First-party portals: everything is granted at sign-in, so there is no consent page. */
function policyWithoutConsent() {
  const policy = interactionPolicy.base()
  policy.remove('consent')
  return policy
}

function errorPage(request: IncomingMessage, code: string) {
  const locale: Locale = localeOf(request)
  return code === 'server_error' ? troublePage(locale, code) : failedPage(locale, code)
}

function reportErrors(provider: Provider, log: Logger): void {
  const refused = (event: string) => (_context: unknown, error: Error) => {
    const { error: code, error_description: description } = error as Partial<errors.OIDCProviderError>
    log.info({ event, code, description }, 'request refused')
  }
  provider.on('authorization.error', refused('authorization'))
  provider.on('grant.error', refused('grant'))
  provider.on('end_session.error', refused('sign-out'))
  provider.on('revocation.error', refused('revocation'))
  provider.on('server_error', (_context, error) => log.error({ err: error }, 'provider failed'))
}

export function createProvider(parts: Parts): Provider {
  const { env, keys, store, pages, log } = parts
  const mountPath = new URL(env.issuer).pathname.replace(/\/$/, '')
  const cookie = { path: mountPath || '/', httpOnly: true, sameSite: 'lax', signed: true } as const
  const provider = new Provider(env.issuer, {
    ...tokenConfiguration(parts),
    adapter: store.adapter,
    jwks: keys.jwks as NonNullable<Configuration['jwks']>,
    clients: clients(env.publicOrigin),
    cookies: {
      keys: keys.cookieKeys,
      names: { session: 'identity_session', interaction: 'identity_interaction', resume: 'identity_resume' },
      long: cookie,
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    responseTypes: ['code'],
    clientAuthMethods: ['none'],
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: () => true },
    clientBasedCORS: (_context, origin) => origin === env.publicOrigin,
    interactions: {
      policy: policyWithoutConsent(),
      url: (_context, interaction) => `${mountPath}/interaction/${interaction.uid}`,
    },
    features: features(env, pages),
    async loadExistingGrant(context) {
      const { client, session } = context.oidc
      if (!client || !session?.accountId) return undefined
      const grantId = session.grantIdFor(client.clientId)
      const existing = grantId ? await provider.Grant.find(grantId) : undefined
      if (existing) return existing
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope(OPENID_SCOPE)
      grant.addResourceScope(API, API_SCOPE)
      await grant.save()
      return grant
    },
    renderError(context, { error }) {
      context.type = 'html'
      context.body = pages.render(errorPage(context.req, error), themeOf(context.req))
    },
  })
  provider.use(async (context, next) => {
    await next()
    if (context.body || ![404, 405].includes(context.status)) return
    const { status } = context
    context.type = 'html'
    context.body = pages.render(notFoundPage(localeOf(context.req)), themeOf(context.req))
    context.status = status
  })
  // the server states scheme and host of the issuer in the forwarded headers, whatever the caller sent
  provider.proxy = true
  reportErrors(provider, log)
  return provider
}
