'use client'
import { QueryError } from '@openward/portal/query-error'
import { Button } from '@openward/ui/button'
import { formatDateTime, formatMinutes } from '@openward/ui/format'
import { LinkButton } from '@openward/ui/link-button'
import { Notice } from '@openward/ui/notice'
import { Skeleton } from '@openward/ui/skeleton'
import { StepHeading } from '@openward/ui/step-heading'
import { CalendarDays, List } from 'lucide-react'
import NextLink from 'next/link'
import { useRouter } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'

import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { mayChoicesHelp } from '#/lib/refusal.ts'
import { useNames } from '#/lib/use-names.ts'

import { DayTimes } from './day-times.tsx'
import { Filters } from './filters.tsx'
import { HoldProblem } from './hold-problem.tsx'
import { MonthPanel } from './month-panel.tsx'
import { MovedVisit } from './moved-visit.tsx'
import { NoOpenings } from './no-openings.tsx'
import { OpenHold } from './open-hold.tsx'
import type { Opening } from '#/lib/opening.ts'
import type { Wanted } from '#/lib/openings.queries.ts'
import { RepeatChoice } from './repeat-choice.tsx'
import { useHold } from './use-hold.ts'
import { useOpenings } from './use-openings.ts'
import { type PickerData, usePickerData, zonesOf } from './use-picker-data.ts'
import { useUsualSite } from './use-usual-site.ts'
import { usePickState } from './use-pick-state.ts'

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
  const { person } = usePerson()
  const path = usePersonPath()
  const { state, change } = usePickState()
  const usual = useUsualSite(data.sites, state.movesId)
  const siteId = state.siteId ?? (state.isAnySite ? undefined : usual.siteId)
  const zones = zonesOf(data.sites, siteId)
  const mainZone = zones[0] ?? 'UTC'
  const { clinicianIds, mode, part, language, interpreter, movesId } = state
  const criteria = { clinicianIds, siteId, mode, part, language, interpreter, movesId }
  const wanted: Wanted = { patientId: person.patientId, serviceId, criteria }
  const openings = useOpenings(wanted, {
    state,
    zones,
    horizonDays: data.horizonDays,
    isReady: !usual.isPending,
  })
  const { soonest, day, month } = openings
  const hold = useHold((holdId) => router.push(path(`/holds/${holdId}`)))

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

  if (openings.error)
    return <QueryError error={openings.error} onRetry={openings.refetch} isRetrying={openings.isFetching} />
  return (
    <div className="grid gap-6">
      {movesId ? <MovedVisit visitId={movesId} /> : <OpenHold />}
      {(!openings.hasNone || mayChoicesHelp(openings.refusal)) && (
        <Filters
          criteria={criteria}
          sites={data.sites}
          clinicians={data.clinicians.filter((one) => siteId === undefined || one.siteIds.includes(siteId))}
          modes={data.modes}
          interpreterLanguages={data.interpreterLanguages}
          needsInterpreter={data.needsInterpreter}
          onChange={(part) =>
            change({
              ...part,
              ...('siteId' in part ? { isAnySite: part.siteId === undefined } : {}),
              day: undefined,
              month: undefined,
            })
          }
        >
          {!movesId && <RepeatChoice state={state} onChange={(part) => change(part, false)} />}
        </Filters>
      )}
      <HoldProblem
        error={hold.error}
        timeZone={mainZone}
        onRetry={() => hold.variables && hold.mutate(hold.variables)}
      />
      {openings.hasNone ? (
        <NoOpenings
          wanted={wanted}
          refusal={openings.refusal}
          timeZone={mainZone}
          horizonDays={data.horizonDays}
          phone={data.phone}
          onChange={change}
        />
      ) : (
        <>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <ViewSwitch view={state.view} onChange={(view) => change({ view }, false)} />
            {soonest && soonest.date !== day && (
              <Button
                variant="secondary"
                onPress={() => change({ day: soonest.date, month: soonest.date.slice(0, 7) })}
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
            today={openings.today}
            lastDay={openings.lastDay}
            days={openings.days}
            isLoading={openings.isPending}
            onDay={(next) => change({ day: next, month })}
            onMonth={(next) => change({ month: next, day: undefined }, false)}
            times={
              day && (
                <DayTimes
                  wanted={wanted}
                  date={day}
                  zones={zones}
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
  const path = usePersonPath()
  const isMove = usePickState().state.movesId !== undefined
  const { directory, data } = usePickerData(serviceId)
  const lead =
    data &&
    [names.service(data.service), data.durationMinutes && formatMinutes(data.durationMinutes, locale)]
      .filter(Boolean)
      .join(' · ')
  return (
    <>
      <StepHeading step={1} of={isMove ? 2 : 3} lead={lead}>
        {t(isMove ? 'moveTitle' : 'title')}
      </StepHeading>
      {directory.isError ? (
        <QueryError error={directory.error} onRetry={directory.refetch} isRetrying={directory.isFetching} />
      ) : directory.isPending ? (
        <Skeleton shape="card" count={2} label={t('loadingDays')} />
      ) : data ? (
        <Picker serviceId={serviceId} data={data} />
      ) : (
        <Notice
          tone="attention"
          title={t('unknownService')}
          action={
            <LinkButton as={NextLink} href={path('/care')} variant="secondary">
              {t('none.otherCare')}
            </LinkButton>
          }
        />
      )}
    </>
  )
}
