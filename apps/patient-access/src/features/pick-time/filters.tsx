'use client'
import type { Location } from '@medplum/fhirtypes'
import { SelectField } from '@openward/ui/select-field'
import { ChevronDown, SlidersHorizontal } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

import type { Clinician } from '#/lib/directory.queries.ts'
import { useNames } from '#/lib/use-names.ts'

import { type Criteria, narrowing } from '#/lib/criteria.ts'

export type FiltersProps = {
  criteria: Criteria
  sites: readonly Location[]
  clinicians: readonly Clinician[]
  modes: readonly ('in-person' | 'video')[]
  interpreterLanguages: readonly string[]
  needsInterpreter: boolean
  onChange: (part: Partial<Criteria>) => void
  /** More choices, below the filters. */
  children: ReactNode
}

const MODES = ['in-person', 'video'] as const
const PARTS = ['morning', 'afternoon', 'evening'] as const

/** Where, with whom, how and when: each choice narrows the days at once. */
export function Filters(props: FiltersProps) {
  const t = useTranslations('pickTime.filters')
  const words = useTranslations('pickTime')
  const names = useNames()
  const { criteria, onChange } = props
  const languages = [...new Set(props.clinicians.flatMap((one) => one.languages))].toSorted()
  const set = narrowing(criteria).filter((name) => name !== 'siteId').length
  const nameOf = (clinician: Clinician) => names.clinician(clinician.practitioner)
  return (
    <>
      {props.sites.length > 1 && (
        <div className="max-w-md">
          <SelectField
            label={t('site')}
            value={criteria.siteId ?? ''}
            onChange={(value) => onChange({ siteId: value || undefined })}
            placeholder={t('anySite')}
            options={props.sites.map((site) => ({ value: site.id ?? '', label: site.name ?? '' }))}
          />
        </div>
      )}
      <details
        className="group rounded-lg border border-line bg-surface-raised"
        open={set > 0 || props.needsInterpreter}
      >
        <summary className="flex min-h-12 items-center gap-3 rounded-lg px-4 py-2 font-semibold [&::-webkit-details-marker]:hidden">
          <SlidersHorizontal aria-hidden className="size-5 text-action" />
          <span className="flex-1">
            {t('title')}
            <span className="block text-sm font-normal text-ink-soft">
              {set > 0 ? t('titleSet', { count: set }) : t('hint')}
            </span>
          </span>
          <ChevronDown
            aria-hidden
            className="size-5 text-ink-soft transition-transform group-open:rotate-180"
          />
        </summary>
        <div className="grid gap-4 border-t border-line p-4 sm:grid-cols-2">
          {props.clinicians.length > 1 && (
            <SelectField
              label={t('clinician')}
              value={criteria.clinicianIds[0] ?? ''}
              onChange={(value) => onChange({ clinicianIds: value ? [value] : [] })}
              placeholder={t('anyClinician')}
              options={props.clinicians.map((one) => ({ value: one.id, label: nameOf(one) }))}
            />
          )}
          {props.modes.length > 1 && (
            <SelectField
              label={t('mode')}
              value={criteria.mode ?? ''}
              onChange={(value) => onChange({ mode: MODES.find((mode) => mode === value) })}
              placeholder={t('anyMode')}
              options={props.modes.map((mode) => ({ value: mode, label: words(`mode.${mode}`) }))}
            />
          )}
          <SelectField
            label={t('part')}
            value={criteria.part ?? ''}
            onChange={(value) => onChange({ part: PARTS.find((part) => part === value) })}
            placeholder={t('anyPart')}
            options={PARTS.map((part) => ({ value: part, label: t(part) }))}
          />
          {languages.length > 1 && (
            <SelectField
              label={t('language')}
              value={criteria.language ?? ''}
              onChange={(value) => onChange({ language: value || undefined })}
              placeholder={t('anyLanguage')}
              options={languages.map((code) => ({ value: code, label: names.language(code) }))}
            />
          )}
          {props.interpreterLanguages.length > 0 && (
            <SelectField
              label={t('interpreter')}
              hint={props.needsInterpreter ? t('interpreterHere') : t('interpreterFree')}
              value={criteria.interpreter ?? ''}
              onChange={(value) => onChange({ interpreter: value || undefined })}
              placeholder={props.needsInterpreter ? t('anyInterpreter') : t('noInterpreter')}
              options={props.interpreterLanguages.map((code) => ({
                value: code,
                label: names.language(code),
              }))}
            />
          )}
          {props.children && <div className="border-t border-line pt-4 sm:col-span-2">{props.children}</div>}
        </div>
      </details>
    </>
  )
}
