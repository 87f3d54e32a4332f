'use client'
import { CrashPage } from '@openward/portal/crash-page'
import './globals.css'

export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  return (
    <html lang="en" data-density="staff">
      <body>
        <CrashPage digest={error.digest} onRetry={reset} />
      </body>
    </html>
  )
}
