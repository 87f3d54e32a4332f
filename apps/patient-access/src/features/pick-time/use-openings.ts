'use client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { dateAt } from '@openward/ui/format'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { countsByDate, type DayCount } from '#/lib/opening.ts'
import { openingQueries, type Wanted } from '#/lib/openings.queries.ts'
import { addDays, todayAt } from '#/lib/windows.ts'

import type { PickState } from './pick-state.ts'

type Options = { state: PickState; zones: readonly string[]; horizonDays: number; isReady: boolean }
type Soonest = { date: string; startsAt: string; timeZone: string }

function soonestOf(days: readonly DayCount[], today: string): Soonest | undefined {
  const [first] = days
    .filter(({ date }) => date >= today)
    .toSorted((a, b) => Date.parse(a.first) - Date.parse(b.first))
  return first && { date: first.date, startsAt: first.first, timeZone: first.timeZone }
}

/**
 * The days of the month in view and the soonest opening. Looks beyond this month only when it has nothing, which is also when there may be a reason
 * why nothing is open at all.
 */
export function useOpenings(wanted: Wanted, { state, zones, horizonDays, isReady }: Options) {
  const fhir = useFhirClient()
  const [now] = useState(Date.now)
  const today = todayAt(zones[0] ?? 'UTC', now)
  const thisMonth = today.slice(0, 7)
  const asked = state.month ?? state.day?.slice(0, 7)
  const current = useQuery({ ...openingQueries.month(fhir, wanted, thisMonth, zones), enabled: isReady })
  const inMonth = current.isPlaceholderData ? undefined : current.data
  const isEmpty = inMonth !== undefined && soonestOf(inMonth.days, today) === undefined
  const later = useQuery({ ...openingQueries.first(fhir, wanted, horizonDays), enabled: isReady && isEmpty })
  const next = later.data?.openings[0]?.visit
  const soonest: Soonest | undefined =
    (inMonth && soonestOf(inMonth.days, today)) ??
    (isEmpty && next
      ? { date: dateAt(next.startsAt, next.timeZone), startsAt: next.startsAt, timeZone: next.timeZone }
      : undefined)
  const month = asked ?? soonest?.date.slice(0, 7) ?? thisMonth
  const shown = useQuery({
    ...openingQueries.month(fhir, wanted, month, zones),
    enabled: isReady && month !== thisMonth,
  })
  const view = month === thisMonth ? current : shown
  const failed = [current, later, shown].find(({ isError }) => isError)
  return {
    today,
    lastDay: addDays(today, horizonDays),
    soonest,
    // The soonest day is open from the start; choosing a day or a month takes over.
    day: state.day ?? (state.month === undefined ? soonest?.date : undefined),
    month,
    days: countsByDate((view.data?.days ?? []).filter(({ date }) => date.startsWith(month))),
    isPending: !isReady || view.isPending || view.isPlaceholderData || (isEmpty && later.isPending),
    hasNone: isEmpty && later.data?.openings.length === 0,
    refusal: later.data?.refusal,
    error: failed?.error,
    isFetching: failed?.isFetching === true,
    refetch: () => failed?.refetch(),
  }
}
