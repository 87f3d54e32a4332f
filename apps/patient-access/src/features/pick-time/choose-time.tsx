'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Button } from '@openward/ui/button'
import { dateAt, formatDateTime, formatMinutes } from '@openward/ui/format'
import { Notice } from '@openward/ui/notice'
import { Skeleton } from '@openward/ui/skeleton'
import { StepHeading } from '@openward/ui/step-heading'
import { useQuery } from '@tanstack/react-query'
import { CalendarDays, List } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'

import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { useNames } from '#/lib/use-names.ts'

import { DayTimes } from './day-times.tsx'
import { Filters } from './filters.tsx'
import { HoldProblem } from './hold-problem.tsx'
import { MonthPanel } from './month-panel.tsx'
import { MovedVisit } from './moved-visit.tsx'
import { NoOpenings } from './no-openings.tsx'
import { OpenHold } from './open-hold.tsx'
import { countsByDate, type Opening } from '#/lib/opening.ts'
import { openingQueries, type Wanted } from '#/lib/openings.queries.ts'
import { RepeatChoice } from './repeat-choice.tsx'
import { useHold } from './use-hold.ts'
import { type PickerData, usePickerData } from './use-picker-data.ts'
import { usePickState } from './use-pick-state.ts'
import { addDays, todayAt } from '#/lib/windows.ts'

function ViewSwitch({
  view,
  onChange,
}: {
  view: 'calendar' | 'list'
  onChange: (view: 'calendar' | 'list') => void
}) {
  const t = useTranslations('pickTime.view')
  const choices = [
    { id: 'calendar', icon: <CalendarDays aria-hidden /> },
    { id: 'list', icon: <List aria-hidden /> },
  ] as const
  return (
    <fieldset className="m-0 inline-flex rounded-md border border-line-strong p-0.5">
      <legend className="sr-only">{t('label')}</legend>
      {choices.map(({ id, icon }) => (
        <button
          key={id}
          type="button"
          aria-pressed={view === id}
          onClick={() => onChange(id)}
          className="inline-flex min-h-11 items-center gap-2 rounded-[6px] px-4 text-ink-soft hover:text-ink aria-pressed:bg-action-soft aria-pressed:font-semibold aria-pressed:text-action [&_svg]:size-5"
        >
          {icon}
          {t(id)}
        </button>
      ))}
    </fieldset>
  )
}

function Picker({ serviceId, data }: { serviceId: string; data: PickerData }) {
  const t = useTranslations('pickTime')
  const locale = useLocale()
  const router = useRouter()
  const fhir = useFhirClient()
  const { person } = usePerson()
  const path = usePersonPath()
  const { state, change } = usePickState()
  const [now] = useState(Date.now)
  const mainZone = data.zones[0] ?? 'UTC'
  const today = todayAt(mainZone, now)
  const lastDay = addDays(today, data.horizonDays)
  const { clinicianIds, siteId, mode, part, language, interpreter, movesId } = state
  const wanted: Wanted = {
    patientId: person.patientId,
    serviceId,
    criteria: { clinicianIds, siteId, mode, part, language, interpreter, movesId },
  }
  const first = useQuery(openingQueries.first(fhir, wanted, data.horizonDays))
  const soonest = first.data?.openings[0]?.visit
  const soonestDate = soonest && dateAt(soonest.startsAt, soonest.timeZone)
  // The soonest day is open from the start; choosing a day or a month takes over.
  const day = state.day ?? (state.month === undefined ? soonestDate : undefined)
  const month = state.month ?? state.day?.slice(0, 7) ?? soonestDate?.slice(0, 7) ?? today.slice(0, 7)
  const found = useQuery(openingQueries.month(fhir, wanted, month, data.zones))
  const hold = useHold((holdId) => router.push(path(`/holds/${holdId}`)))
  const days = countsByDate((found.data?.days ?? []).filter(({ date }) => date.startsWith(month)))
  const isPending = first.isPending || found.isPending || found.isPlaceholderData
  const hasNone = first.data !== undefined && first.data.openings.length === 0

  function handleSelect(opening: Opening) {
    if (state.repeat === undefined) {
      hold.mutate({ id: opening.id, appointment: opening.appointment, replacesId: movesId })
      return
    }
    const query = new URLSearchParams({
      start: opening.visit.startsAt,
      clinician: opening.visit.clinicianId ?? '',
      site: opening.visit.siteId ?? '',
      ...(opening.visit.mode ? { mode: opening.visit.mode } : {}),
      ...(interpreter ? { interpreter } : {}),
      count: String(state.repeat),
      every: String(state.everyWeeks),
    })
    router.push(`${path(`/book/${serviceId}/series`)}?${query}` as ReturnType<typeof path>)
  }

  if (first.isError)
    return <QueryError error={first.error} onRetry={first.refetch} isRetrying={first.isFetching} />
  if (found.isError)
    return <QueryError error={found.error} onRetry={found.refetch} isRetrying={found.isFetching} />
  return (
    <div className="grid gap-6">
      {movesId ? <MovedVisit visitId={movesId} /> : <OpenHold />}
      <Filters
        criteria={wanted.criteria}
        sites={data.sites}
        clinicians={data.clinicians.filter((one) => siteId === undefined || one.siteIds.includes(siteId))}
        modes={data.modes}
        interpreterLanguages={data.interpreterLanguages}
        needsInterpreter={data.needsInterpreter}
        onChange={(criteria) => change({ ...criteria, day: undefined, month: undefined })}
      >
        {!movesId && <RepeatChoice state={state} onChange={(part) => change(part, false)} />}
      </Filters>
      <HoldProblem error={hold.error} timeZone={mainZone} />
      {hasNone ? (
        <NoOpenings
          wanted={wanted}
          refusal={first.data.refusal}
          timeZone={mainZone}
          horizonDays={data.horizonDays}
          phone={data.phone}
          onChange={change}
          dateOf={dateAt}
        />
      ) : (
        <>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <ViewSwitch view={state.view} onChange={(view) => change({ view }, false)} />
            {soonest && soonestDate && (
              <Button
                variant="secondary"
                onPress={() => change({ day: soonestDate, month: soonestDate.slice(0, 7) })}
              >
                {t('soonest', {
                  when: formatDateTime(soonest.startsAt, { locale, timeZone: soonest.timeZone }),
                })}
              </Button>
            )}
          </div>
          <MonthPanel
            view={state.view}
            day={day}
            month={month}
            today={today}
            lastDay={lastDay}
            days={days}
            isLoading={isPending}
            onDay={(next) => change({ day: next, month })}
            onMonth={(next) => change({ month: next, day: undefined }, false)}
            times={
              day && (
                <DayTimes
                  wanted={wanted}
                  date={day}
                  zones={data.zones}
                  sites={data.sites}
                  clinicians={data.clinicians}
                  pendingId={hold.isPending ? hold.variables.id : undefined}
                  onSelect={handleSelect}
                  hasHeading={state.view === 'calendar'}
                />
              )
            }
          />
        </>
      )}
    </div>
  )
}

/** Step 1 of booking: day and time, for one service. */
export function ChooseTime({ serviceId }: { serviceId: string }) {
  const t = useTranslations('pickTime')
  const locale = useLocale()
  const names = useNames()
  const { failed, isPending, data } = usePickerData(serviceId)
  const lead =
    data &&
    [names.service(data.service), data.durationMinutes && formatMinutes(data.durationMinutes, locale)]
      .filter(Boolean)
      .join(' · ')
  return (
    <>
      <StepHeading step={1} of={3} lead={lead}>
        {t('title')}
      </StepHeading>
      {failed ? (
        <QueryError error={failed.error} onRetry={failed.refetch} isRetrying={failed.isFetching} />
      ) : isPending ? (
        <Skeleton shape="card" count={2} label={t('loadingDays')} />
      ) : data ? (
        <Picker serviceId={serviceId} data={data} />
      ) : (
        <Notice tone="attention" title={t('unknownService')} />
      )}
    </>
  )
}
