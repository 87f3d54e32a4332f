'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { closeParameters } from '@openward/scheduling'
import { Button } from '@openward/ui/button'
import { DateField } from '@openward/ui/date-field'
import { Notice } from '@openward/ui/notice'
import { TextField } from '@openward/ui/text-field'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import type { ClosedSpan } from '#/lib/affected-visits.queries.ts'
import { AffectedVisits } from '#/lib/affected-visits.tsx'
import { endOfDate, isDate, startOfDate } from '#/lib/date-span.ts'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { useUnsaved } from '#/lib/unsaved-guard.tsx'
import { type ClosureDraft, closureProblems, EMPTY_CLOSURE } from './closure-draft.ts'
import { todayAt, useClosureDays } from './closure-words.ts'

/** Closes a site for some days. Before it does, it shows the visits that are booked then. */
export function AddClosure({ locationId, timeZone }: { locationId: string; timeZone: string }) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const t = useTranslations('closures')
  const problem = useTranslations('problems')
  const days = useClosureDays()
  const [draft, setDraft] = useState<ClosureDraft>(EMPTY_CLOSURE)
  const [hasTried, setHasTried] = useState(false)
  const today = todayAt(timeZone)
  const problems = closureProblems(draft, today)
  const errorOf = (name: keyof ClosureDraft) => {
    const code = hasTried ? problems.find((one) => one.name === name)?.code : undefined
    return code && problem(code)
  }
  useUnsaved(draft.startDate !== '' || draft.reason !== '')
  const close = useMutation({
    mutationFn: (closing: ClosureDraft) =>
      fhir.operation({
        type: 'Location',
        id: locationId,
        name: '$close',
        parameters: closeParameters({ ...closing, reason: closing.reason.trim() }),
      }),
    onSuccess: () => {
      setDraft(EMPTY_CLOSURE)
      setHasTried(false)
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: directoryQueries.all }),
  })
  const spanOf = (one: ClosureDraft): ClosedSpan | undefined =>
    isDate(one.startDate) && isDate(one.endDate) && one.startDate <= one.endDate
      ? {
          actor: `Location/${locationId}`,
          startsAt: startOfDate(one.startDate, timeZone),
          endsAt: endOfDate(one.endDate, timeZone),
        }
      : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setHasTried(true)
    if (problems.length === 0 && !close.isPending) close.mutate(draft)
  }
  const change = (changed: Partial<ClosureDraft>) => {
    if (close.isSuccess) close.reset()
    setDraft({ ...draft, ...changed })
  }
  const span = spanOf(draft)
  const done = close.isSuccess ? close.variables : undefined
  const doneSpan = done && spanOf(done)
  return (
    <form noValidate onSubmit={submit} className="mt-5 grid gap-4 border-t border-line pt-4">
      <h3 className="font-semibold">{t('add')}</h3>
      {done && (
        <Notice tone="done" title={t('closed', { days: days(done) })} isLive>
          {t('closedBody')}
        </Notice>
      )}
      {doneSpan && <AffectedVisits span={doneSpan} hasHappened />}
      <div className="flex flex-wrap gap-4">
        <DateField
          label={t('first')}
          value={draft.startDate}
          onChange={(startDate) =>
            change({
              startDate,
              ...(draft.endDate < startDate && isDate(startDate) ? { endDate: startDate } : {}),
            })
          }
          error={errorOf('startDate')}
        />
        <DateField
          label={t('last')}
          value={draft.endDate}
          onChange={(endDate) => change({ endDate })}
          error={errorOf('endDate')}
        />
      </div>
      <div className="max-w-measure">
        <TextField
          label={t('reason')}
          hint={t('reasonHint')}
          maxLength={200}
          value={draft.reason}
          onChange={(reason) => change({ reason })}
          error={errorOf('reason')}
        />
      </div>
      {span && <AffectedVisits span={span} />}
      {close.error && <QueryError error={close.error} onRetry={() => close.mutate(draft)} />}
      <div>
        <Button type="submit" variant="secondary" isPending={close.isPending}>
          {t('close')}
        </Button>
      </div>
    </form>
  )
}
