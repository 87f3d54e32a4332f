'use client'
import { broadcastResponseToMainFrame } from '@azure/msal-browser/redirect-bridge'
import { useEffect, useRef, useState } from 'react'

export type RedirectBridgeLabels = {
  waiting: string
  /** The answer could not be read, or the page was opened by hand. */
  failed: string
  continue: string
}

/**
 * The page at `<basePath>/auth/redirect`. It hands the provider's answer to the page that asked and leaves.
 * It must be outside `<AuthProvider>` and must not be sent with a Cross-Origin-Opener-Policy.
 */
export function RedirectBridge({ home, labels }: { home: string; labels: RedirectBridgeLabels }) {
  const hasBegun = useRef(false)
  const [hasFailed, setHasFailed] = useState(false)
  useEffect(() => {
    // effects run twice in development, and the answer can be used once
    if (hasBegun.current) return
    hasBegun.current = true
    broadcastResponseToMainFrame().catch(() => setHasFailed(true))
  }, [])
  if (!hasFailed) return <output>{labels.waiting}</output>
  return (
    <p role="alert">
      {labels.failed} <a href={home}>{labels.continue}</a>
    </p>
  )
}
