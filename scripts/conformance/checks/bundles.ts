import type { Appointment, BundleEntry, Patient, Schedule, Slot } from '@medplum/fhirtypes'
import { CANONICAL } from '@openward/fhir-client/canonical'

import {
  bundleIn,
  type Check,
  create,
  expectStatus,
  expectThat,
  fail,
  NotSupported,
  post,
  put,
  read,
  search,
  sendTransaction,
  weak,
} from '../check.ts'
import { addressIn, type Reply, type Stored, type TestedServer } from '../server.ts'

const MANY = 200
const IDENTIFIER = `${CANONICAL}/conformance`

/** A Patient that is found by the name of a case, so that nothing else is counted. */
function patient(server: TestedServer, mark: string): Patient {
  return { resourceType: 'Patient', identifier: [{ system: IDENTIFIER, value: `${server.run}-${mark}` }] }
}

async function countOf(server: TestedServer, mark: string): Promise<number> {
  const query = `identifier=${encodeURIComponent(`${IDENTIFIER}|${server.run}-${mark}`)}&_count=100`
  return (await search(server, 'Patient', query)).matches.length
}

function addressesIn(reply: Reply): (string | undefined)[] {
  const { entry = [] } = bundleIn(reply, 'A transaction')
  return entry.map(({ response }) => addressIn(response?.location))
}

function expectStored(reply: Reply, what = 'A transaction'): void {
  expectStatus(reply, [200], what)
  for (const { response } of bundleIn(reply, what).entry ?? []) {
    expectThat(
      /^2\d\d/.test(response?.status ?? ''),
      `An entry of ${what.toLowerCase()} answers ${response?.status}`,
    )
  }
}

const batch: Check = async (server) => {
  const [good, missing] = [server.newId(), server.newId()]
  const reply = await server.send('POST', '', {
    body: {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        { request: { method: 'GET', url: `Patient/${missing}` } },
        put({ ...patient(server, 'batch'), id: good }),
      ],
    },
  })
  expectStatus(reply, [200], 'A batch')
  const statuses = (bundleIn(reply, 'A batch').entry ?? []).map(({ response }) =>
    response?.status?.slice(0, 3),
  )
  expectThat(
    statuses[0] === '404' && /^20[01]$/.test(statuses[1] ?? ''),
    `A batch of a read of nothing and a good PUT answers ${statuses.join(' and ')}`,
  )
  await read(server, `Patient/${good}`)
}

async function expectMissing(server: TestedServer, ids: readonly string[], otherwise: string): Promise<void> {
  for (const id of ids) {
    const { status } = await server.send('GET', `Patient/${id}`)
    expectThat(status === 404 || status === 410, otherwise)
  }
}

const transaction: Check = async (server) => {
  const id = server.newId()
  const reply = await sendTransaction(server, [
    post(patient(server, 'transaction')),
    put({ ...patient(server, 'transaction'), id }),
  ])
  expectStored(reply)
  const [created] = addressesIn(reply)
  expectThat(
    created?.startsWith('Patient/') === true,
    'A transaction does not tell the location of what it created',
  )
  await read(server, created)
  const { meta } = await read(server, `Patient/${id}`)
  const removed = await sendTransaction(server, [
    { request: { method: 'DELETE', url: `Patient/${id}`, ifMatch: weak(meta.versionId) } },
  ])
  expectStored(removed, 'A transaction that deletes')
  await expectMissing(server, [id], 'What a transaction deleted is still there')
}

function calendarOf(actor: string): Schedule {
  return { resourceType: 'Schedule', active: true, actor: [{ reference: actor }] }
}

function visitAt(server: TestedServer, actor: string, hour: number): Appointment {
  const time = (minutes: number) => new Date(Date.UTC(2041, 4, 6, hour, minutes)).toISOString()
  return {
    resourceType: 'Appointment',
    status: 'booked',
    identifier: [{ system: IDENTIFIER, value: `${server.run}-visit` }],
    start: time(0),
    end: time(30),
    participant: [{ actor: { reference: actor }, status: 'accepted' }],
  }
}

const references: Check = async (server) => {
  const { id } = await create(server, patient(server, 'references'))
  const actor = `Patient/${id}`
  const calendar = await create(server, calendarOf(actor))
  const [slotUrl, visitUrl] = [`urn:uuid:${crypto.randomUUID()}`, `urn:uuid:${crypto.randomUUID()}`]
  const visit = visitAt(server, actor, 9)
  const slot: Slot = {
    resourceType: 'Slot',
    status: 'busy',
    schedule: { reference: `Schedule/${calendar.id}` },
    start: visit.start ?? '',
    end: visit.end ?? '',
  }
  // the one that refers stands first: entries may come in any order
  const reply = await sendTransaction(server, [
    post({ ...visit, slot: [{ reference: slotUrl }] }, visitUrl),
    post(slot, slotUrl),
  ])
  expectStored(reply)
  const [visitAddress = '', slotAddress = ''] = addressesIn(reply)
  const stored = await read<Appointment>(server, visitAddress)
  const reference = addressIn(stored.slot?.[0]?.reference)
  expectThat(
    reference !== undefined && reference === slotAddress,
    `A urn:uuid reference is stored as ${stored.slot?.[0]?.reference?.slice(0, 20) ?? 'nothing'}…`,
  )
}

const atomic: Check = async (server) => {
  const { id } = await create(server, patient(server, 'atomic'))
  const before = await read<Patient>(server, `Patient/${id}`)
  const wrong: BundleEntry = {
    resource: { ...patient(server, 'atomic-new'), id: 'one' },
    request: { method: 'PUT', url: `Patient/${server.newId()}` },
  }
  const fresh = server.newId()
  const reply = await sendTransaction(server, [
    post(patient(server, 'atomic-new')),
    put({ ...before, gender: 'female' }),
    put({ ...patient(server, 'atomic-new'), id: fresh }),
    wrong,
  ])
  const otherwise = 'A transaction with a wrong entry stores its other entries'
  const after = await read<Patient>(server, `Patient/${id}`)
  expectThat(after.meta.versionId === before.meta.versionId, otherwise)
  await expectMissing(server, [fresh], otherwise)
  expectThat((await countOf(server, 'atomic-new')) === 0, otherwise)
  expectThat(
    reply.status >= 400 && reply.status < 500,
    `A transaction with a wrong entry answers ${reply.status}`,
  )
}

type Calendar = Schedule & Stored & { meta: { versionId: string } }

/** The change by which a calendar is locked. */
function lock(calendar: Calendar): BundleEntry {
  const revision = {
    url: `${CANONICAL}/StructureDefinition/calendar-revision`,
    valueUuid: `urn:uuid:${crypto.randomUUID()}`,
  }
  return put({ ...calendar, extension: [revision] }, { ifMatch: weak(calendar.meta.versionId) })
}

async function newCalendar(server: TestedServer, mark: string): Promise<Calendar> {
  const { id } = await create(server, patient(server, mark))
  const calendar = await create(server, calendarOf(`Patient/${id}`))
  return read<Schedule>(server, `Schedule/${calendar.id}`)
}

const ifMatch: Check = async (server) => {
  const first = await newCalendar(server, 'if-match')
  expectStored(
    await sendTransaction(server, [lock(first), post(patient(server, 'if-match-good'))]),
    'A transaction with the present version in ifMatch',
  )
  const second = await read<Schedule>(server, `Schedule/${first.id}`)
  expectThat(
    second.meta.versionId !== first.meta.versionId,
    'A transaction that changes a calendar makes no version',
  )
  const beside = server.newId()
  const reply = await sendTransaction(server, [
    put({ ...patient(server, 'if-match-stale'), id: beside }),
    lock(first),
  ])
  const third = await read<Schedule>(server, `Schedule/${first.id}`)
  expectThat(
    third.meta.versionId === second.meta.versionId,
    'ifMatch is passed over inside transactions: a stale version overwrites the present one',
  )
  await expectMissing(server, [beside], 'A transaction with a stale ifMatch stores its other entries')
  if (reply.status !== 412 && reply.status !== 409)
    fail(`A transaction with a stale ifMatch answers ${reply.status}, not 412 or 409`)
  return reply.status === 409 ? 'answers 409 where the standard has 412' : undefined
}

const deleteIfMatch: Check = async (server) => {
  const { id } = await create(server, patient(server, 'delete'))
  const { meta } = await read(server, `Patient/${id}`)
  const wrong: BundleEntry = {
    request: { method: 'DELETE', url: `Patient/${id}`, ifMatch: weak(`${meta.versionId}0`) },
  }
  const reply = await sendTransaction(server, [wrong])
  const isThere = (await server.send('GET', `Patient/${id}`)).status === 200
  if (!isThere) throw new NotSupported('ifMatch of a delete inside a transaction is passed over')
  expectStatus(reply, [412, 409], 'A delete of another version inside a transaction')
}

const ifNoneMatch: Check = async (server) => {
  const id = server.newId()
  const once = put({ ...patient(server, 'once'), id }, { ifNoneMatch: '*' })
  expectStored(await sendTransaction(server, [once]), 'A transaction with ifNoneMatch: *')
  const { meta } = await read(server, `Patient/${id}`)
  const other = put({ ...patient(server, 'once-more'), id }, { ifNoneMatch: '*' })
  const beside = server.newId()
  const reply = await sendTransaction(server, [other, put({ ...patient(server, 'once-beside'), id: beside })])
  const after = await read(server, `Patient/${id}`)
  if (after.meta.versionId !== meta.versionId)
    throw new NotSupported('ifNoneMatch: * is passed over inside transactions')
  expectStatus(reply, [412, 409], 'A transaction that creates over what is there')
  await expectMissing(server, [beside], 'A transaction that fails on ifNoneMatch stores its other entries')
}

const ifNoneExist: Check = async (server) => {
  const query = `identifier=${IDENTIFIER}|${server.run}-conditional`
  const entry = post(patient(server, 'conditional'))
  const conditional: BundleEntry = {
    ...entry,
    request: { method: 'POST', url: 'Patient', ifNoneExist: query },
  }
  const first = await sendTransaction(server, [conditional])
  expectStored(first, 'A transaction with ifNoneExist')
  const again = await sendTransaction(server, [conditional])
  if (again.status === 412) fail('A transaction with ifNoneExist fails where the resource is there already')
  expectStored(again, 'A transaction with ifNoneExist')
  const [one, other] = [addressesIn(first)[0], addressesIn(again)[0]]
  if (other !== undefined && one !== other)
    throw new NotSupported('ifNoneExist is passed over inside transactions: a second resource is made')
}

const size: Check = async (server) => {
  const entry = Array.from({ length: MANY }, () => put({ ...patient(server, 'many'), id: server.newId() }))
  expectStored(await sendTransaction(server, entry), `A transaction of ${MANY} entries`)
  const last = entry.at(-1)?.request?.url ?? ''
  await read(server, last)
}

export const BUNDLES = {
  batch,
  transaction,
  'transaction-references': references,
  'transaction-atomic': atomic,
  'transaction-if-match': ifMatch,
  'transaction-delete-if-match': deleteIfMatch,
  'transaction-if-none-match': ifNoneMatch,
  'transaction-if-none-exist': ifNoneExist,
  'transaction-size': size,
}
