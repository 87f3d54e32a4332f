'use client'
import { OctagonAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type MouseEvent, useEffect, useRef } from 'react'
import { fieldId } from './field-id.ts'

export type SummaryError = {
  /** The form field's name; without one the error belongs to the whole form. */
  name?: string | undefined
  message: string
}

function focusField(event: MouseEvent<HTMLAnchorElement>, name: string) {
  const target = document.getElementById(fieldId(name))
  if (!target) return
  event.preventDefault()
  const control = target.matches('input, select, textarea, button')
    ? target
    : target.querySelector<HTMLElement>('input, select, textarea, button, [role="spinbutton"]')
  ;(control ?? target).focus()
}

/**
 * Everything that is wrong with a form, at its top, each a link to its field. Takes the focus when
 * `attempt` (how often the person has tried to send) grows and there are errors.
 */
export function ErrorSummary({ errors, attempt }: { errors: readonly SummaryError[]; attempt: number }) {
  const t = useTranslations('ui.errorSummary')
  const box = useRef<HTMLDivElement>(null)
  const hasErrors = errors.length > 0
  useEffect(() => {
    if (attempt > 0 && hasErrors) box.current?.focus()
  }, [attempt, hasErrors])
  if (!hasErrors) return null
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      className="rounded-lg border-2 border-danger bg-surface-raised p-5 staff:p-4"
    >
      <h2 className="flex items-center gap-2 text-lg text-danger [&_svg]:size-5">
        <OctagonAlert aria-hidden />
        {t('title', { count: errors.length })}
      </h2>
      <ul className="mt-3 grid gap-2">
        {errors.map((error) => (
          <li key={`${error.name ?? ''}${error.message}`}>
            {error.name ? (
              <a
                href={`#${fieldId(error.name)}`}
                onClick={(event) => focusField(event, error.name ?? '')}
                className="rounded-sm font-semibold text-danger underline underline-offset-[0.2em]"
              >
                {error.message}
              </a>
            ) : (
              <span className="font-semibold">{error.message}</span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
