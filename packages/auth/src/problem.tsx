'use client'
import type { ReactNode } from 'react'
import type { SignInError } from './sign-in-error.ts'

/** The words on screen, in the person's language. */
export type AuthLabels = {
  /** While sign-in starts or the page leaves for it. */
  waiting: string
  unreachableTitle: string
  /** What was kept and what to do. */
  unreachableText: string
  failedTitle: string
  failedText: string
  retry: string
}

export type AuthProblem = { code: SignInError['code']; retry: () => void }

export type AuthScreens = {
  labels: AuthLabels
  /** Instead of the plain waiting text. */
  waiting?: ReactNode
  /** Instead of the plain error; must offer `retry`. */
  renderProblem?: (problem: AuthProblem) => ReactNode
}

/** What happened and a way on; never an empty page. */
export function Problem({
  screens,
  error,
  retry,
}: {
  screens: AuthScreens
  error: SignInError
  retry: () => void
}) {
  const { labels, renderProblem } = screens
  if (renderProblem) return renderProblem({ code: error.code, retry })
  const isUnreachable = error.code === 'unreachable'
  return (
    <div role="alert">
      <p>
        <strong>{isUnreachable ? labels.unreachableTitle : labels.failedTitle}</strong>
      </p>
      <p>{isUnreachable ? labels.unreachableText : labels.failedText}</p>
      <button type="button" onClick={retry}>
        {labels.retry}
      </button>
    </div>
  )
}

export function Waiting({ screens }: { screens: AuthScreens }) {
  return screens.waiting ?? <output>{screens.labels.waiting}</output>
}
