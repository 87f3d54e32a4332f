import {
  type AccountInfo,
  BrowserAuthError,
  BrowserAuthErrorCodes,
  type Configuration,
  EventType,
  InteractionRequiredAuthError,
  type IPublicClientApplication,
  LogLevel,
  ProtocolMode,
  PublicClientApplication,
} from '@azure/msal-browser'
import type { AuthConfig } from './config.ts'
import { SignInError } from './sign-in-error.ts'

const INTERACTION_NOTE = 'msal.interaction.status'
const PROBE_TIMEOUT_MS = 5_000
const NETWORK_CODES: readonly string[] = [
  BrowserAuthErrorCodes.noNetworkConnectivity,
  BrowserAuthErrorCodes.postRequestFailed,
  BrowserAuthErrorCodes.getRequestFailed,
  BrowserAuthErrorCodes.failedToParseResponse,
  BrowserAuthErrorCodes.timedOut,
]

/** Our own face of MSAL: the only object that knows its types. */
export type AuthClient = {
  instance: IPublicClientApplication
  account: () => AccountInfo | null
  /** From the moment sign-out begins; the account is gone before the page is. */
  isSigningOut: () => boolean
  /** Leaves the page. `isGate`: the page behind is of no use without sign-in, so Back should not return to it. */
  signIn: (options: { isGate: boolean }) => Promise<void>
  /** Leaves the page. Where the provider does not answer, this browser at least forgets its tokens. */
  signOut: () => Promise<void>
  /** An access token for the API, renewed when it is about to run out. Throws {@link SignInError}. */
  getToken: (forceRefresh: boolean, beforeRedirect: () => Promise<void>) => Promise<string>
}

type Navigation = { isGate: boolean }

function configuration(config: AuthConfig, navigation: Navigation): Configuration {
  const base = `${window.location.origin}${config.basePath}`
  const isOidc = config.mode === 'oidc'
  return {
    auth: {
      clientId: config.clientId,
      authority: config.authority,
      redirectUri: `${base}/auth/redirect`,
      postLogoutRedirectUri: base,
      onRedirectNavigate(url) {
        if (!navigation.isGate) return true
        window.location.replace(url)
        return false
      },
      ...(isOidc && {
        knownAuthorities: [new URL(config.authority).host],
        authorityMetadata: JSON.stringify(config.endpoints),
        // MSAL would also ask for offline_access, which a plain provider grants only with a consent page
        OIDCOptions: { defaultScopes: ['openid', 'profile'] },
      }),
      ...(!isOidc && { knownAuthorities: [new URL(config.authority).host] }),
    },
    cache: { cacheLocation: 'sessionStorage' },
    system: {
      protocolMode: isOidc ? ProtocolMode.OIDC : ProtocolMode.AAD,
      loggerOptions: { logLevel: LogLevel.Error, piiLoggingEnabled: false, loggerCallback: () => undefined },
    },
  }
}

function asSignInError(error: unknown): SignInError {
  if (error instanceof SignInError) return error
  const isNetwork = error instanceof BrowserAuthError && NETWORK_CODES.includes(error.errorCode)
  return new SignInError(isNetwork ? 'unreachable' : 'failed', { cause: error })
}

function isStillLeaving(error: unknown): boolean {
  return error instanceof BrowserAuthError && error.errorCode === BrowserAuthErrorCodes.interactionInProgress
}

/** A redirect to a provider that is down ends on the browser's own error page; so ask first where we may. */
async function requireReachable(config: AuthConfig): Promise<void> {
  if (!config.endpoints) return
  const url = `${config.endpoints.issuer}/.well-known/openid-configuration`
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS)
  const response = await fetch(url, { signal, cache: 'no-store' }).catch((cause: unknown) => {
    throw new SignInError('unreachable', { cause })
  })
  if (!response.ok) throw new SignInError('unreachable')
}

/**
 * MSAL notes in the tab's storage which client is leaving, and lets no other client leave meanwhile. The portals share
 * one origin, and who went from one portal to another came back: the note of the other is stale.
 */
function forgetOtherPortal(clientId: string): void {
  const note = sessionStorage.getItem(INTERACTION_NOTE)
  if (note && window === window.top && !note.includes(JSON.stringify(clientId))) {
    sessionStorage.removeItem(INTERACTION_NOTE)
  }
}

/** Starts MSAL and takes the answer of a sign-in that is under way. Throws {@link SignInError}. */
export async function startAuthClient(config: AuthConfig): Promise<AuthClient> {
  const navigation: Navigation = { isGate: false }
  const instance = new PublicClientApplication(configuration(config, navigation))
  const scopes = [config.apiScope]
  const account = () => instance.getActiveAccount()
  let isSigningOut = false
  forgetOtherPortal(config.clientId)
  try {
    await instance.initialize()
    const result = await instance.handleRedirectPromise()
    instance.setActiveAccount(result?.account ?? account() ?? instance.getAllAccounts()[0] ?? null)
  } catch (error) {
    throw asSignInError(error)
  }
  instance.addEventCallback((event) => {
    const payload = event.payload as { account?: AccountInfo } | null
    if (event.eventType === EventType.LOGIN_SUCCESS && payload?.account)
      instance.setActiveAccount(payload.account)
  })

  async function signIn({ isGate }: { isGate: boolean }): Promise<void> {
    await requireReachable(config)
    navigation.isGate = isGate
    try {
      await instance.loginRedirect({ scopes })
    } catch (error) {
      // the departure was stopped by hand; a fresh page may leave again
      if (isStillLeaving(error)) return window.location.reload()
      throw asSignInError(error)
    }
  }

  async function signOut(): Promise<void> {
    const current = account()
    navigation.isGate = false
    isSigningOut = true
    try {
      await requireReachable(config)
    } catch {
      // offline: what can be forgotten here is forgotten; the provider's own session ends by time
      await instance.clearCache({ account: current })
      window.location.assign(`${config.basePath}/`)
      return
    }
    await instance.logoutRedirect({
      account: current,
      // a plain OpenID provider follows postLogoutRedirectUri only for a client it can name
      ...(config.mode === 'oidc' && {
        ...(current?.idToken && { idTokenHint: current.idToken }),
        extraQueryParameters: { client_id: config.clientId },
      }),
    })
  }

  async function getToken(forceRefresh: boolean, beforeRedirect: () => Promise<void>): Promise<string> {
    const current = account()
    const request = { scopes, forceRefresh, ...(current && { account: current }) }
    try {
      return (await instance.acquireTokenSilent(request)).accessToken
    } catch (error) {
      if (!(error instanceof InteractionRequiredAuthError)) throw asSignInError(error)
      await requireReachable(config)
      await beforeRedirect()
      navigation.isGate = false
      await instance.acquireTokenRedirect({ scopes, ...(current && { account: current }) })
      throw new SignInError('interaction-required', { cause: error })
    }
  }
  return { instance, account, isSigningOut: () => isSigningOut, signIn, signOut, getToken }
}
