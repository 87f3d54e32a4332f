'use client'
import { QueryError } from '@openward/portal/query-error'
import { Notice } from '@openward/ui/notice'
import { useTranslations } from 'next-intl'

import { refusalOf } from '#/lib/refusal.ts'
import { useRefusalWords } from '#/lib/refusal-words.ts'

/** Why a time could not be held. The times below have been asked for again by then. */
export function HoldProblem({ error, timeZone }: { error: unknown; timeZone: string }) {
  const t = useTranslations('pickTime')
  const words = useRefusalWords()
  if (!error) return null
  const refusal = refusalOf(error)
  if (!refusal) return <QueryError error={error} onRetry={() => undefined} />
  const { title, body } = words(refusal, timeZone)
  return (
    <Notice tone="attention" title={title} isLive>
      <p>{body}</p>
      {(refusal.reason === 'taken' || refusal.reason === 'held-by-someone-else') && <p>{t('freshTimes')}</p>}
    </Notice>
  )
}
