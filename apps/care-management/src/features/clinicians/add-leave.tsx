'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { blockParameters } from '@openward/scheduling'
import { Button } from '@openward/ui/button'
import { CheckboxField } from '@openward/ui/checkbox-field'
import { DateField } from '@openward/ui/date-field'
import { dateAt, formatZone } from '@openward/ui/format'
import { Notice } from '@openward/ui/notice'
import { TextField } from '@openward/ui/text-field'
import { TimeField } from '@openward/ui/time-field'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import type { ClosedSpan } from '#/lib/affected-visits.queries.ts'
import { AffectedVisits } from '#/lib/affected-visits.tsx'
import { isDate } from '#/lib/date-span.ts'
import { useUnsaved } from '#/lib/unsaved-guard.tsx'
import { EMPTY_LEAVE, type LeaveDraft, leaveProblems, leaveSpan } from './leave-draft.ts'
import { useLeaveWords } from './leave-words.ts'

export type AddLeaveProps = { practitionerId: string; calendarId: string; timeZone: string }

type FieldsProps = {
  draft: LeaveDraft
  change: (changed: Partial<LeaveDraft>) => void
  errorOf: (name: 'startDate' | 'endDate' | 'startTime' | 'endTime') => string | undefined
}

function LeaveFields({ draft, change, errorOf }: FieldsProps) {
  const t = useTranslations('leave')
  const changeStart = (startDate: string) =>
    change({ startDate, ...(isDate(startDate) && draft.endDate < startDate ? { endDate: startDate } : {}) })
  return (
    <>
      <CheckboxField
        label={t('wholeDays')}
        value={draft.isWholeDays}
        onChange={(isWholeDays) => change({ isWholeDays })}
      />
      <div className="flex flex-wrap gap-4">
        <DateField
          label={t('first')}
          value={draft.startDate}
          onChange={changeStart}
          error={errorOf('startDate')}
        />
        {!draft.isWholeDays && (
          <TimeField
            label={t('startTime')}
            value={draft.startTime}
            onChange={(startTime) => change({ startTime })}
            error={errorOf('startTime')}
          />
        )}
        <DateField
          label={t('last')}
          value={draft.endDate}
          onChange={(endDate) => change({ endDate })}
          error={errorOf('endDate')}
        />
        {!draft.isWholeDays && (
          <TimeField
            label={t('endTime')}
            value={draft.endTime}
            onChange={(endTime) => change({ endTime })}
            error={errorOf('endTime')}
          />
        )}
      </div>
      <div className="max-w-measure">
        <TextField
          label={t('comment')}
          hint={t('commentHint')}
          maxLength={200}
          isOptional
          value={draft.comment}
          onChange={(comment) => change({ comment })}
        />
      </div>
    </>
  )
}

/** Enters leave. Before it does, it shows the visits that are booked then. */
export function AddLeave({ practitionerId, calendarId, timeZone }: AddLeaveProps) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const t = useTranslations('leave')
  const problem = useTranslations('problems')
  const locale = useLocale()
  const when = useLeaveWords(timeZone)
  const [draft, setDraft] = useState<LeaveDraft>(EMPTY_LEAVE)
  const [hasTried, setHasTried] = useState(false)
  const [openedAt] = useState(() => new Date().toISOString())
  const problems = leaveProblems(draft, dateAt(openedAt, timeZone))
  const span: ClosedSpan | undefined =
    problems.length === 0
      ? { actor: `Practitioner/${practitionerId}`, ...leaveSpan(draft, timeZone) }
      : undefined
  useUnsaved(draft.startDate !== '' || draft.comment !== '')
  const block = useMutation({
    mutationFn: ({ span: { startsAt, endsAt }, comment }: { span: ClosedSpan; comment: string }) =>
      fhir.operation({
        type: 'Schedule',
        id: calendarId,
        name: '$block',
        parameters: blockParameters({
          start: startsAt,
          end: endsAt,
          ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
        }),
      }),
    onSuccess: () => {
      setDraft(EMPTY_LEAVE)
      setHasTried(false)
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['leave', practitionerId] }),
  })
  const change = (changed: Partial<LeaveDraft>) => {
    if (block.isSuccess) block.reset()
    setDraft({ ...draft, ...changed })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setHasTried(true)
    if (span && !block.isPending) block.mutate({ span, comment: draft.comment })
  }
  const done = block.isSuccess ? block.variables.span : undefined
  return (
    <form noValidate onSubmit={submit} className="mt-5 grid gap-4 border-t border-line pt-4">
      <div>
        <h3 className="font-semibold">{t('add')}</h3>
        <p className="text-sm text-ink-soft">{t('zone', { zone: formatZone({ locale, timeZone }) })}</p>
      </div>
      {done && (
        <Notice
          tone="done"
          title={t('added', { when: when({ start: done.startsAt, end: done.endsAt }) })}
          isLive
        >
          {t('addedBody')}
        </Notice>
      )}
      {done && <AffectedVisits span={done} hasHappened />}
      <LeaveFields
        draft={draft}
        change={change}
        errorOf={(name) => {
          const code = hasTried ? problems.find((one) => one.name === name)?.code : undefined
          return code && problem(code)
        }}
      />
      {span && <AffectedVisits span={span} />}
      {block.error && (
        <QueryError error={block.error} onRetry={() => block.variables && block.mutate(block.variables)} />
      )}
      <div>
        <Button type="submit" variant="secondary" isPending={block.isPending}>
          {t('enter')}
        </Button>
      </div>
    </form>
  )
}
