'use client'
import { useMsal } from '@azure/msal-react'
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { useAuthState } from './auth-context.ts'
import { type AuthScreens, Problem, Waiting } from './problem.tsx'
import { SignInError } from './sign-in-error.ts'

function useStartSignIn(options: { isGate: boolean }) {
  const { client } = useAuthState()
  const [error, setError] = useState<SignInError>()
  const [isLeaving, setIsLeaving] = useState(false)
  const { isGate } = options
  const startSignIn = useCallback(() => {
    setError(undefined)
    setIsLeaving(true)
    client.signIn({ isGate }).catch((cause: unknown) => {
      setIsLeaving(false)
      setError(cause instanceof SignInError ? cause : new SignInError('failed', { cause }))
    })
  }, [client, isGate])

  // the browser may bring the page back as it was left: waiting for a departure that is over
  useEffect(() => {
    function handlePageShow(event: PageTransitionEvent) {
      if (event.persisted) window.location.reload()
    }
    window.addEventListener('pageshow', handlePageShow)
    return () => window.removeEventListener('pageshow', handlePageShow)
  }, [])
  return { error, isLeaving, startSignIn }
}

/** A button that leaves for the identity provider; `children` are its words. */
export function SignIn({
  children,
  className,
  ...screens
}: AuthScreens & { children: ReactNode; className?: string }) {
  const { error, isLeaving, startSignIn } = useStartSignIn({ isGate: false })
  if (error) return <Problem screens={screens} error={error} retry={startSignIn} />
  return (
    <button type="button" className={className} onClick={startSignIn} disabled={isLeaving}>
      {isLeaving ? screens.labels.waiting : children}
    </button>
  )
}

/** Shows its children to people who are signed in, and sends everyone else to sign in. */
export function RequireSignIn({ children, ...screens }: AuthScreens & { children: ReactNode }) {
  const { accounts, inProgress } = useMsal()
  const { client } = useAuthState()
  const { error, startSignIn } = useStartSignIn({ isGate: true })
  const isSignedIn = accounts.length > 0 && !client.isSigningOut()
  const mustSignIn = accounts.length === 0 && inProgress === 'none' && !client.isSigningOut()

  useEffect(() => {
    if (mustSignIn) startSignIn()
  }, [mustSignIn, startSignIn])

  if (isSignedIn) return children
  if (error) return <Problem screens={screens} error={error} retry={startSignIn} />
  return <Waiting screens={screens} />
}
