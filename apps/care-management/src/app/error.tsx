'use client'
import { CrashPage } from '@openward/portal/crash-page'

export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  return <CrashPage digest={error.digest} onRetry={reset} />
}
