import type { Appointment, BundleEntry, Patient, Schedule } from '@medplum/fhirtypes'
import { CANONICAL } from '@openward/fhir-client/canonical'

import { type Check, create, expectThat, put, read, sendTransaction, weak } from '../check.ts'
import type { Stored, TestedServer } from '../server.ts'

const ROUNDS = 24

type Calendar = Schedule & Stored & { meta: { versionId: string } }

/** A round: how many visits are tried at once, and whether each names the two calendars in the other order than the one before. */
function roundOf(index: number): { rivals: number; isCrossed: boolean } {
  return { rivals: index % 4 === 3 ? 6 : 2, isCrossed: index % 2 === 1 }
}

function lock(calendar: Calendar): BundleEntry {
  const valueUuid = `urn:uuid:${crypto.randomUUID()}`
  const extension = [{ url: `${CANONICAL}/StructureDefinition/calendar-revision`, valueUuid }]
  return put({ ...calendar, extension }, { ifMatch: weak(calendar.meta.versionId) })
}

function visit(id: string, actor: string): Appointment & Stored {
  return {
    resourceType: 'Appointment',
    id,
    status: 'booked',
    start: '2041-05-06T09:00:00Z',
    end: '2041-05-06T09:30:00Z',
    participant: [{ actor: { reference: actor }, status: 'accepted' }],
  }
}

async function calendars(server: TestedServer): Promise<[string, Calendar[]]> {
  const person: Patient = { resourceType: 'Patient', active: true }
  const { id } = await create(server, person)
  const actor = `Patient/${id}`
  const made: Calendar[] = []
  for (let at = 0; at < 2; at += 1) {
    const { id: own } = await create<Schedule>(server, {
      resourceType: 'Schedule',
      actor: [{ reference: actor }],
    })
    made.push(await read<Schedule>(server, `Schedule/${own}`))
  }
  return [actor, made]
}

/**
 * What booking stands on: several transactions at once, each made from the same versions of the same two calendars. One
 * that loses must leave nothing behind; when none wins, nobody could ever book in a busy hour.
 */
export const race: Check = async (server) => {
  const [actor, made] = await calendars(server)
  for (let round = 0; round < ROUNDS; round += 1) {
    const { rivals, isCrossed } = roundOf(round)
    const current = await Promise.all(made.map(({ id }) => read<Schedule>(server, `Schedule/${id}`)))
    const ids = Array.from({ length: rivals }, () => server.newId())
    const replies = await Promise.all(
      ids.map((id, rival) => {
        const locks = current.map(lock)
        if (isCrossed && rival % 2 === 1) locks.reverse()
        return sendTransaction(server, [put(visit(id, actor)), ...locks])
      }),
    )
    const won = replies.filter(({ status }) => status === 200).length
    const reads = await Promise.all(ids.map((id) => server.send('GET', `Appointment/${id}`)))
    const isThere = reads.map(({ status }) => status === 200)
    const left = isThere.filter(Boolean).length
    const when = `(round ${round + 1} of ${ROUNDS})`
    const of = `Of ${rivals} transactions at once that change the same calendars`
    expectThat(won <= 1, `${of}, ${won} won ${when}: the same time would be booked ${won} times`)
    expectThat(left <= 1, `${of}, ${left} left a visit behind ${when}`)
    const statuses = replies.map(({ status }) => status).join(', ')
    expectThat(won === 1, `${of}, none won ${when}; they answer ${statuses}`)
    const isWhole = replies.every(({ status }, index) => (status === 200) === isThere[index])
    expectThat(isWhole, `${of}, the one that won is not the one that is stored ${when}`)
    const after = await Promise.all(made.map(({ id }) => read(server, `Schedule/${id}`)))
    const hasMoved = after.every(({ meta }, index) => meta.versionId !== current[index]?.meta.versionId)
    expectThat(hasMoved, `${of}, the one that won did not change the calendars`)
  }
  return `${ROUNDS} rounds of two to six at once, one winner each`
}
