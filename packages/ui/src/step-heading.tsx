'use client'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { PageHeading } from './page-heading.tsx'

export type StepHeadingProps = {
  step: number
  of: number
  /** What to do in this step: "Pick a time". */
  children: string
  lead?: ReactNode
}

/** The heading of one step: "Step 2 of 3", then what to do. Takes the focus when the step changes. */
export function StepHeading({ step, of, children, lead }: StepHeadingProps) {
  const t = useTranslations('ui.step')
  return (
    <PageHeading focusKey={`${step}-${children}`} lead={lead}>
      <span className="mb-1 block text-base font-normal tracking-normal text-ink-soft">
        {t('position', { step, of })}
        <span className="sr-only">: </span>
      </span>
      {children}
    </PageHeading>
  )
}
