import type { Appointment, Location, Parameters } from '@medplum/fhirtypes'
import { referencedId, type Versioned } from '@openward/fhir-client'
import { type CloseInput, parseParameters, siteFrom, withSite } from '@openward/scheduling'

import type { OperationAnswer, OperationContext, OperationInput } from '#/lib/operation.ts'

import { answered, forbidden, invalidInput, notFound, touchOf } from './answers.ts'
import { startsTouching } from './busy-time.ts'
import { answerWith, changeCalendars, type Decision, lookAtCalendars, refuseWith } from './calendar.ts'
import { CalendarWrites } from './calendar-writes.ts'
import { NO_CACHE } from './calendars.ts'
import { mayCloseSite } from './permission.ts'
import { daysAt } from './days-at.ts'
import { isExpiredHold, LIVE_STATUSES } from './visit-state.ts'

type Asked = { context: OperationContext; id: string; input: CloseInput }

async function readSite({ context, id }: Asked): Promise<Versioned<Location> | undefined> {
  const [location] = await context.fhir.searchAll(
    'Location',
    { _id: id },
    { signal: context.signal, headers: NO_CACHE },
  )
  return location
}

/** Everybody who can be booked at the site: their calendars change, so that a booking that has read the site as open fails. */
async function bookableAt({ context, id }: Asked): Promise<string[]> {
  const options = { signal: context.signal, headers: NO_CACHE }
  const [roles, rooms] = await Promise.all([
    context.fhir.searchAll('PractitionerRole', { location: `Location/${id}`, _count: 1000 }, options),
    context.fhir.searchAll('Location', { partof: `Location/${id}`, _count: 1000 }, options),
  ])
  const people = roles.flatMap(({ practitioner }) => referencedId(practitioner, 'Practitioner') ?? [])
  return [
    ...new Set([
      ...people.map((one) => `Practitioner/${one}`),
      ...rooms.map((room) => `Location/${room.id}`),
    ]),
  ]
}

async function readAffected(
  { context, id, input }: Asked,
  timeZone: string,
): Promise<Versioned<Appointment>[]> {
  const span = daysAt(input.startDate, input.endDate, timeZone)
  const visits = await context.fhir.searchAll(
    'Appointment',
    { location: `Location/${id}`, status: LIVE_STATUSES.join(','), date: startsTouching(span), _count: 1000 },
    { signal: context.signal, headers: NO_CACHE },
  )
  return visits
    .filter((one) => !isExpiredHold(one, context.now()) && Date.parse(one.end ?? '') > span.startMs)
    .sort((a, b) => (a.start ?? '').localeCompare(b.start ?? ''))
}

function closed(affected: readonly Versioned<Appointment>[]): Parameters {
  const parameter = affected.map(({ id }) => ({
    name: 'affected',
    valueReference: { reference: `Appointment/${id}` },
  }))
  return { resourceType: 'Parameters', ...(parameter.length > 0 ? { parameter } : {}) }
}

async function look(asked: Asked): Promise<Decision> {
  const { context, id, input } = asked
  const actors = await bookableAt(asked)
  const seen = await lookAtCalendars(context, {
    actors,
    takesFrom: [],
    also: async () => ({ location: await readSite(asked), actors: await bookableAt(asked) }),
  })
  if ('kind' in seen) return seen
  const { state, also } = seen
  const { location } = also
  if (location === undefined) return answerWith(notFound(context))
  if (also.actors.some((actor) => !state.calendars.has(actor))) return { kind: 'again' }
  const site = siteFrom(location)
  if (!site.ok) return refuseWith(context, { ok: false, reason: 'not-bookable' })
  const affected = await readAffected(asked, site.value.timeZone)
  const touch = touchOf('update', undefined, [`Location/${id}`])
  const { startDate, endDate, reason } = input
  const isKnown = site.value.closures.some((one) => one.startDate === startDate && one.endDate === endDate)
  if (isKnown) return answerWith(answered(closed(affected), touch))
  const closures = [...site.value.closures, { startDate, endDate, ...(reason ? { reason } : {}) }]
  const writes = new CalendarWrites().lock(state.calendars, actors)
  writes.updateLocation({ ...withSite(location, { ...site.value, closures }), id, meta: location.meta })
  return {
    kind: 'write',
    writes,
    touch,
    answer: () => answered(closed(affected), touch),
  }
}

/** Closes a site for whole days, and says which visits are booked there then. */
export async function close(
  context: OperationContext,
  { id, body }: OperationInput,
): Promise<OperationAnswer> {
  const parsed = parseParameters('$close', body)
  if (!parsed.ok) return invalidInput(context, parsed.issues)
  if (!mayCloseSite(context.caller)) return forbidden(context)
  if (id === undefined) return notFound(context)
  return changeCalendars(context, () => look({ context, id, input: parsed.input }))
}
