'use client'
import { FhirError } from '@openward/fhir-client'
import { QueryError } from '@openward/portal/query-error'
import { LinkButton } from '@openward/ui/link-button'
import { Notice } from '@openward/ui/notice'
import type { Route } from 'next'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'

import { refusalOf } from '#/lib/refusal.ts'
import { useRefusalWords } from '#/lib/refusal-words.ts'

export type BookingProblemProps = {
  error: unknown
  timeZone: string
  /** Sends the same request again, with the same key. */
  onRetry: () => void
  isRetrying: boolean
  otherTimes: Route
}

/** Why it was not booked: what happened, what was kept, what to do. */
export function BookingProblem({ error, timeZone, onRetry, isRetrying, otherTimes }: BookingProblemProps) {
  const t = useTranslations('booking')
  const words = useRefusalWords()
  if (!error) return null
  const refusal = refusalOf(error)
  if (!refusal) {
    const isUnsure = error instanceof FhirError && (error.code === 'timeout' || error.code === 'unavailable')
    return (
      <div className="grid gap-3">
        {isUnsure && (
          <Notice tone="attention" title={t('unsureTitle')}>
            {t('unsureBody')}
          </Notice>
        )}
        <QueryError error={error} onRetry={onRetry} isRetrying={isRetrying} />
      </div>
    )
  }
  const { title, body } = words(refusal, timeZone)
  return (
    <Notice
      tone="attention"
      title={title}
      isLive
      action={
        <LinkButton as={NextLink} href={otherTimes} variant="secondary">
          {t('otherTimes')}
        </LinkButton>
      }
    >
      <p>{body}</p>
      {refusal.correlationId && (
        <p className="mt-2 text-sm text-ink-soft">
          {t('code')} <code className="break-all select-all">{refusal.correlationId}</code>
        </p>
      )}
    </Notice>
  )
}
