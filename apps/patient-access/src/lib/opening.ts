import type { Appointment, Bundle, OperationOutcome, Parameters } from '@medplum/fhirtypes'

import { type Refusal, refusalOfIssue } from './refusal.ts'
import { type Visit, visitFrom } from './visit.ts'

/** A time that can be had, as `$find` proposed it. */
export type Opening = {
  /** Made of what is offered; the same as long as the same is offered. */
  id: string
  visit: Visit
  /** Sent back as it came. */
  appointment: Appointment
}

export type DayCount = { date: string; count: number; first: string; timeZone: string }
export type Found = { openings: Opening[]; total: number; refusal: Refusal | undefined }
export type FoundDays = { days: DayCount[] }

const NOBODY = new Map()

function openingFrom(appointment: Appointment): Opening {
  const visit = visitFrom(appointment, NOBODY)
  const id = [Date.parse(visit.startsAt), visit.clinicianId, visit.siteId, visit.mode].join('_')
  return { id, visit, appointment }
}

/** The answer of `$find`: openings sorted by start, or the reason why there is none. */
export function foundFrom(bundle: Bundle): Found {
  const resources = (bundle.entry ?? []).map(({ resource }) => resource)
  const openings = resources.filter((one) => one?.resourceType === 'Appointment').map(openingFrom)
  const outcome = resources.find((one): one is OperationOutcome => one?.resourceType === 'OperationOutcome')
  return { openings, total: bundle.total ?? openings.length, refusal: refusalOfIssue(outcome?.issue?.[0]) }
}

/** The answer of `$find-days`: one entry per date and zone. */
export function daysFrom(parameters: Parameters): FoundDays {
  const days = (parameters.parameter ?? [])
    .filter(({ name }) => name === 'day')
    .flatMap(({ part }): DayCount[] => {
      const partOf = (name: string) => part?.find((one) => one.name === name)
      const date = partOf('date')?.valueDate
      const count = partOf('count')?.valueInteger
      const first = partOf('first')?.valueInstant
      const timeZone = partOf('time-zone')?.valueCode
      return date && count && first && timeZone ? [{ date, count, first, timeZone }] : []
    })
  return { days }
}

/** Openings per date, over all zones. */
export function countsByDate(days: readonly DayCount[]): Map<string, { openings: number }> {
  const counts = new Map<string, { openings: number }>()
  for (const { date, count } of days)
    counts.set(date, { openings: (counts.get(date)?.openings ?? 0) + count })
  return counts
}

/** Each time once per site and way of meeting; of several clinicians free at the same time the first stands for all. */
export function onePerTime(openings: readonly Opening[]): { opening: Opening; others: number }[] {
  const byTime = new Map<string, { opening: Opening; others: number }>()
  for (const opening of openings) {
    const { startsAt, siteId, mode } = opening.visit
    const key = [Date.parse(startsAt), siteId, mode].join('_')
    const known = byTime.get(key)
    if (known) known.others += 1
    else byTime.set(key, { opening, others: 0 })
  }
  return [...byTime.values()]
}
