'use client'
import { QueryError } from '@openward/portal/query-error'
import { Notice } from '@openward/ui/notice'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'

import { refusalOf } from '#/lib/refusal.ts'
import { useRefusalWords } from '#/lib/refusal-words.ts'

export type HoldProblemProps = { error: unknown; timeZone: string; onRetry: () => void }

/** Why a time could not be held. The times below have been asked for again by then. */
export function HoldProblem({ error, timeZone, onRetry }: HoldProblemProps) {
  const t = useTranslations('pickTime')
  const words = useRefusalWords()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // The time was pressed far below: bring the answer into sight.
    if (error) place.current?.focus()
  }, [error])
  if (!error) return null
  const refusal = refusalOf(error)
  if (!refusal) return <QueryError error={error} onRetry={onRetry} />
  const { title, body } = words(refusal, timeZone)
  return (
    <div ref={place} tabIndex={-1} data-quiet-focus>
      <Notice tone="attention" title={title} isLive>
        <p>{body}</p>
        {(refusal.reason === 'taken' || refusal.reason === 'held-by-someone-else') && (
          <p>{t('freshTimes')}</p>
        )}
      </Notice>
    </div>
  )
}
