'use client'
import { MsalProvider } from '@azure/msal-react'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { AuthContext } from './auth-context.ts'
import type { AuthConfig } from './config.ts'
import { type AuthClient, startAuthClient } from './msal.ts'
import { type AuthScreens, Problem, Waiting } from './problem.tsx'
import { SignInError } from './sign-in-error.ts'

/** One client per page and client id: effects run twice in development, and MSAL must not start twice. */
const started = new Map<string, Promise<AuthClient>>()

function start(config: AuthConfig): Promise<AuthClient> {
  const running = started.get(config.clientId)
  if (running) return running
  const starting = startAuthClient(config)
  started.set(config.clientId, starting)
  // a start that failed is tried afresh
  starting.catch(() => started.delete(config.clientId))
  return starting
}

export type AuthProviderProps = AuthScreens & {
  config: AuthConfig
  /** Keeps unsaved work before the page leaves to sign in again. */
  beforeRedirect?: () => void | Promise<void>
  children: ReactNode
}

/**
 * Starts sign-in for everything below. Until it has started it shows that it waits; when it cannot, what happened and
 * a way to try again.
 */
export function AuthProvider({ config, beforeRedirect, children, ...screens }: AuthProviderProps) {
  const [client, setClient] = useState<AuthClient>()
  const [error, setError] = useState<SignInError>()
  const [attempt, setAttempt] = useState(0)
  const latestBeforeRedirect = useRef(beforeRedirect)

  useEffect(() => {
    latestBeforeRedirect.current = beforeRedirect
  }, [beforeRedirect])
  useEffect(() => {
    let isCurrent = true
    start(config).then(
      (ready) => isCurrent && setClient(ready),
      (cause: unknown) =>
        isCurrent && setError(cause instanceof SignInError ? cause : new SignInError('failed', { cause })),
    )
    return () => {
      isCurrent = false
    }
  }, [config, attempt])

  function retry() {
    setError(undefined)
    setAttempt((count) => count + 1)
  }
  const state = useMemo(() => client && { client, beforeRedirect: latestBeforeRedirect }, [client])

  if (error) return <Problem screens={screens} error={error} retry={retry} />
  if (!client) return <Waiting screens={screens} />
  return (
    <AuthContext value={state ?? null}>
      <MsalProvider instance={client.instance}>{children}</MsalProvider>
    </AuthContext>
  )
}
