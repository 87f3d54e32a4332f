import type { Appointment, Location } from '@medplum/fhirtypes'
import { ICalCalendar, ICalCalendarMethod, ICalEventStatus } from 'ical-generator'

import type { OperationAnswer, OperationContext, OperationInput } from '#/lib/operation.ts'

import { notFound, refused, touchOf } from './answers.ts'
import { NO_CACHE } from './calendars.ts'
import { readVisit } from './read-visit.ts'
import { patientsOf, sequenceOf, siteOf } from './visit-state.ts'

async function readSite(context: OperationContext, visit: Appointment): Promise<Location | undefined> {
  const site = siteOf(visit)
  if (site === undefined) return undefined
  const [location] = await context.fhir.searchAll(
    'Location',
    { _id: site.slice('Location/'.length) },
    { signal: context.signal, headers: NO_CACHE },
  )
  return location
}

function addressOf(location: Location | undefined): string | undefined {
  const { line, city, state, postalCode } = location?.address ?? {}
  const parts = [location?.name, ...(line ?? []), city, [state, postalCode].filter(Boolean).join(' ')]
  return parts.filter(Boolean).join(', ') || undefined
}

function statusOf(visit: Appointment): ICalEventStatus {
  if (visit.status === 'cancelled' || visit.status === 'entered-in-error') return ICalEventStatus.CANCELLED
  return visit.status === 'pending' || visit.status === 'proposed'
    ? ICalEventStatus.TENTATIVE
    : ICalEventStatus.CONFIRMED
}

/** One visit as iCalendar: where and when, not what for. Times are UTC, so that no program can read them in another zone. */
function calendarFile(
  visit: Appointment & { id: string; start: string; end: string },
  location: Location | undefined,
): string {
  const status = statusOf(visit)
  const isCancelled = status === ICalEventStatus.CANCELLED
  const phone = location?.telecom?.find(({ system }) => system === 'phone')?.value
  const where = addressOf(location)
  const calendar = new ICalCalendar({
    prodId: { company: 'Openward', product: 'Visits', language: 'EN' },
    method: isCancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
  })
  calendar.createEvent({
    id: `${visit.id}@openward.example`,
    sequence: sequenceOf(visit),
    stamp: new Date(visit.meta?.lastUpdated ?? visit.start),
    start: new Date(visit.start),
    end: new Date(visit.end),
    summary: location?.name === undefined ? 'Visit' : `Visit at ${location.name}`,
    status,
    ...(where === undefined ? {} : { location: where }),
    ...(phone === undefined ? {} : { description: `Phone: ${phone}` }),
  })
  return calendar.toString()
}

/** The calendar file of a visit. */
export async function ics(context: OperationContext, { id }: OperationInput): Promise<OperationAnswer> {
  const visit = id === undefined ? undefined : await readVisit(context, `Appointment/${id}`)
  if (visit === undefined) return notFound(context)
  const { start, end } = visit
  if (start === undefined || end === undefined) return refused(context, { ok: false, reason: 'not-bookable' })
  const text = calendarFile({ ...visit, start, end }, await readSite(context, visit))
  return {
    status: 200,
    text,
    contentType: 'text/calendar; charset=utf-8',
    headers: { 'content-disposition': 'attachment; filename="visit.ics"' },
    touch: touchOf('read', patientsOf(visit), [visit]),
  }
}
