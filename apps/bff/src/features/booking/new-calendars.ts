import { TransactionBuilder } from '@openward/fhir-client'

import type { OperationContext } from '#/lib/operation.ts'

import { isWorthAnotherLook } from './another-look.ts'
import { touchOf } from './answers.ts'
import { calendarId, type Calendars, chunksOf, NO_CACHE, readCalendars } from './calendars.ts'
import { readBookable } from './patient-facts.ts'

const CREATE_ATTEMPTS = 4

/** Which of these there are: nobody else gets a calendar, and no person whom nobody may book for. */
async function existing(context: OperationContext, actors: readonly string[]): Promise<string[]> {
  const idsOf = (type: string) =>
    chunksOf(
      actors.flatMap((actor) => (actor.startsWith(`${type}/`) ? [actor.slice(type.length + 1)] : [])),
    ).map((chunk) => chunk.join(','))
  const options = { signal: context.signal, headers: NO_CACHE }
  const found = await Promise.all([
    ...idsOf('Patient').map((ids) => readBookable(context, ids)),
    ...idsOf('Practitioner').map((_id) =>
      context.fhir.searchAll('Practitioner', { _id, _count: 1000 }, options),
    ),
    ...idsOf('Location').map((_id) => context.fhir.searchAll('Location', { _id, _count: 1000 }, options)),
  ])
  return found.flat().map(({ resourceType, id }) => `${resourceType}/${id}`)
}

/** Somebody else being first with one of them, and an answer that is lost, are for the next look to see. */
async function createCalendars(context: OperationContext, actors: readonly string[]): Promise<void> {
  const creation = new TransactionBuilder()
  for (const actor of actors) {
    creation.createWithId({
      resourceType: 'Schedule',
      id: calendarId(actor),
      active: true,
      actor: [{ reference: actor }],
    })
  }
  const patient = actors.find((actor) => actor.startsWith('Patient/'))
  const schedules = actors.map((actor) => `Schedule/${calendarId(actor)}`)
  creation.createWithId(context.auditEvent(touchOf('create', patient, schedules)))
  try {
    await context.fhir.transaction(creation, { signal: context.signal })
  } catch (error) {
    if (!isWorthAnotherLook(error)) throw error
  }
}

/**
 * The same, and whoever there is and has no calendar yet gets one, with its AuditEvent. Two who do it at once end with the same one. Who still has none
 * cannot be booked: there is no such person or place, or the id of the calendar is somebody else's.
 */
export async function requireCalendars(
  context: OperationContext,
  actors: readonly string[],
): Promise<Calendars> {
  const { fhir, signal } = context
  for (let attempt = 1; ; attempt++) {
    const found = await readCalendars(fhir, actors, signal)
    const missing = [...new Set(actors)].filter((actor) => !found.has(actor))
    if (missing.length === 0 || attempt === CREATE_ATTEMPTS) return found
    const there = await existing(context, missing)
    if (there.length === 0) return found
    await createCalendars(context, there)
  }
}
