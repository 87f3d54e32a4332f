'use client'
import { LoaderCircle } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { buttonClass } from './button-class.ts'

export type ErrorStateProps = {
  /** What happened, in plain words. */
  title: string
  /** What was kept and what to do. */
  children?: ReactNode
  /** The correlation id, to quote on the phone. */
  code?: string | undefined
  onRetry?: (() => void) | undefined
  isRetrying?: boolean
  /** Another way on: a phone number, a link. */
  action?: ReactNode
}

/** What happened, what was kept, what to do, and a code to quote. Never the error's own message. */
export function ErrorState({ title, children, code, onRetry, isRetrying, action }: ErrorStateProps) {
  const t = useTranslations('ui.error')
  const words = useTranslations('ui.button')
  return (
    <div role="alert" className="rounded-lg border border-line-strong bg-surface-raised p-5 sm:p-6">
      <p className="text-lg font-semibold">{title}</p>
      {children && <div className="mt-1 max-w-measure">{children}</div>}
      {(onRetry || action) && (
        <div className="mt-5 flex flex-wrap items-center gap-3">
          {onRetry && (
            <button
              type="button"
              onClick={() => !isRetrying && onRetry()}
              aria-disabled={isRetrying || undefined}
              className={buttonClass('secondary')}
            >
              {isRetrying && <LoaderCircle aria-hidden className="animate-spin" />}
              {t('retry')}
              {isRetrying && <span className="sr-only">{`, ${words('pending')}`}</span>}
            </button>
          )}
          {action}
        </div>
      )}
      {code && (
        <p className="mt-4 text-sm text-ink-soft">
          {t('code')} <code className="tabular break-all select-all">{code}</code>
        </p>
      )}
    </div>
  )
}
