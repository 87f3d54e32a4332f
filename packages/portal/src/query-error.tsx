'use client'
import { FhirError, type FhirErrorCode } from '@openward/fhir-client'
import { ErrorState } from '@openward/ui/error-state'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { StoreDown } from './store-down.tsx'

export type QueryErrorProps = {
  error: unknown
  /** Usually the query's `refetch`. */
  onRetry: () => unknown
  isRetrying?: boolean
  action?: ReactNode
}

/** What failed, in words chosen from the error's code. When the record is down it waits and goes on by itself. */
export function QueryError({ error, onRetry, isRetrying, action }: QueryErrorProps) {
  const t = useTranslations('portal.errors')
  const code: FhirErrorCode = error instanceof FhirError ? error.code : 'unexpected-response'
  if (code === 'unavailable') return <StoreDown onRecovered={() => void onRetry()} />
  return (
    <ErrorState
      title={t(`${code}.title`)}
      code={error instanceof FhirError ? error.correlationId : undefined}
      onRetry={() => void onRetry()}
      isRetrying={Boolean(isRetrying)}
      action={action}
    >
      {t(`${code}.body`)}
    </ErrorState>
  )
}
