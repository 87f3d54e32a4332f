import type { Basic, Bundle, Patient } from '@medplum/fhirtypes'
import { CANONICAL } from '@openward/fhir-client/canonical'

import {
  bundleIn,
  type Check,
  create,
  expectStatus,
  expectThat,
  fail,
  NotSupported,
  read,
  resourceIn,
  update,
  weak,
} from '../check.ts'
import { addressIn, outcomeOf, type Reply, type Stored, type TestedServer } from '../server.ts'

function patient(server: TestedServer, family = server.run): Patient {
  return { resourceType: 'Patient', name: [{ family, given: ['Ana'] }], birthDate: '1980-02-29' }
}

function familyOf(one: Patient): string | undefined {
  return one.name?.[0]?.family
}

const createCheck: Check = async (server) => {
  const stored = await create(server, patient(server))
  expectThat(
    /^[A-Za-z0-9\-.]{1,64}$/.test(stored.id),
    'A created resource has an id that FHIR does not allow',
  )
  const { meta } = await read(server, `Patient/${stored.id}`)
  expectThat(meta.lastUpdated !== undefined, 'A stored resource has no meta.lastUpdated')
}

const readCheck: Check = async (server) => {
  const { id } = await create(server, patient(server))
  const stored = await read<Patient>(server, `Patient/${id}`)
  expectThat(familyOf(stored) === server.run, 'A stored Patient comes back with another name')
  expectThat(stored.birthDate === '1980-02-29', 'A stored Patient comes back with another date of birth')
  const missing = await server.send('GET', `Patient/${server.newId()}-missing`)
  expectStatus(missing, [404], 'Reading what does not exist')
}

const updateCheck: Check = async (server) => {
  const { id } = await create(server, patient(server))
  const before = await read<Patient>(server, `Patient/${id}`)
  expectStatus(await update(server, { ...before, birthDate: '1981-03-01' }), [200], 'An update')
  const after = await read<Patient>(server, `Patient/${id}`)
  expectThat(after.birthDate === '1981-03-01', 'An update answers 200, but the change is not stored')
  expectThat(after.meta.versionId !== before.meta.versionId, 'A change makes no new version')
}

const updateExtension: Check = async (server) => {
  const revision = (uuid: string) => [
    { url: `${CANONICAL}/StructureDefinition/calendar-revision`, valueUuid: `urn:uuid:${uuid}` },
  ]
  const { id } = await create(server, { ...patient(server), extension: revision(crypto.randomUUID()) })
  const before = await read<Patient>(server, `Patient/${id}`)
  const wanted = crypto.randomUUID()
  expectStatus(await update(server, { ...before, extension: revision(wanted) }), [200], 'An update')
  const after = await read<Patient>(server, `Patient/${id}`)
  expectThat(after.meta.versionId !== before.meta.versionId, 'A changed extension makes no new version')
  expectThat(
    after.extension?.some(({ valueUuid }) => valueUuid === `urn:uuid:${wanted}`) === true,
    'A changed extension is not stored',
  )
}

const updateUnchanged: Check = async (server) => {
  const { id } = await create(server, patient(server))
  const before = await read<Patient>(server, `Patient/${id}`)
  const { meta: _meta, ...content } = before
  expectStatus(await update(server, content as Patient & Stored), [200], 'An update that changes nothing')
  const after = await read(server, `Patient/${id}`)
  return after.meta.versionId === before.meta.versionId
    ? 'an update that changes nothing makes no version'
    : 'an update that changes nothing makes a version, too'
}

const updateAsCreate: Check = async (server) => {
  const id = server.newId()
  const reply = await update(server, { ...patient(server), id })
  expectStatus(reply, [201, 200], 'Storing under an id of our own')
  const stored = await read<Patient>(server, `Patient/${id}`)
  expectThat(stored.id === id, 'What is stored under an id of our own gets another one')
  return reply.status === 200 ? 'answers 200 where the standard has 201' : undefined
}

/** Some answer 409 to what the standard answers 412; Openward takes both for a version that is not the present one. */
function expectRefused(reply: Reply, what: string): string | undefined {
  expectStatus(reply, [412, 409], what)
  return reply.status === 409 ? 'answers 409 where the standard has 412' : undefined
}

const ifMatch: Check = async (server) => {
  const { id } = await create(server, patient(server))
  const first = await read<Patient>(server, `Patient/${id}`)
  const current = { 'if-match': weak(first.meta.versionId) }
  expectStatus(
    await update(server, { ...first, gender: 'female' }, current),
    [200],
    'An update with If-Match',
  )
  const stale = await update(server, { ...first, gender: 'male' }, current)
  const { gender } = await read<Patient>(server, `Patient/${id}`)
  expectThat(gender === 'female', 'An update of a version that is not the present one is stored')
  return expectRefused(stale, 'An update of a version that is not the present one')
}

const ifNoneMatch: Check = async (server) => {
  const id = server.newId()
  const headers = { 'if-none-match': '*' }
  expectStatus(await update(server, { ...patient(server), id }, headers), [201, 200], 'A create by PUT')
  const again = await update(server, { ...patient(server, 'Other'), id }, headers)
  const stored = await read<Patient>(server, `Patient/${id}`)
  if (familyOf(stored) === 'Other')
    throw new NotSupported('If-None-Match: * is passed over: what is there is overwritten')
  return expectRefused(again, 'A create over what is there')
}

const ifNoneExist: Check = async (server) => {
  const identifier = [{ system: `${CANONICAL}/conformance`, value: `${server.run}-once` }]
  const ask = {
    body: { ...patient(server), identifier },
    headers: { 'if-none-exist': `identifier=${CANONICAL}/conformance|${server.run}-once` },
  }
  expectStatus(await server.send('POST', 'Patient', ask), [201], 'A conditional create')
  const again = await server.send('POST', 'Patient', ask)
  if (again.status === 201) throw new NotSupported('If-None-Exist is passed over: a second resource is made')
  expectStatus(again, [200], 'A conditional create of what is there')
}

const deleteCheck: Check = async (server) => {
  const { id } = await create(server, patient(server))
  const address = `Patient/${id}`
  expectStatus(await server.send('DELETE', address), [200, 202, 204], 'A delete')
  expectStatus(await server.send('GET', address), [404, 410], 'Reading what was deleted')
}

const gone: Check = async (server) => {
  const { id } = await create(server, patient(server))
  expectStatus(await server.send('DELETE', `Patient/${id}`), [200, 202, 204], 'A delete')
  const reply = await server.send('GET', `Patient/${id}`)
  if (reply.status === 404) throw new NotSupported('What was deleted answers 404, like what never was')
  expectStatus(reply, [410], 'Reading what was deleted')
}

const jsonPatch: Check = async (server) => {
  const { id } = await create(server, patient(server))
  const { meta } = await read(server, `Patient/${id}`)
  const headers = { 'content-type': 'application/json-patch+json', 'if-match': weak(meta.versionId) }
  const body = [{ op: 'replace', path: '/birthDate', value: '1990-01-01' }]
  const reply = await server.send('PATCH', `Patient/${id}`, { body, headers })
  if (reply.status === 415) throw new NotSupported('JSON Patch is not taken')
  expectStatus(reply, [200], 'A JSON Patch')
  const { birthDate } = await read<Patient>(server, `Patient/${id}`)
  expectThat(birthDate === '1990-01-01', 'A JSON Patch answers 200, but is not stored')
}

async function withTwoVersions(server: TestedServer): Promise<[string, string, string]> {
  const { id } = await create(server, patient(server))
  const first = await read<Patient>(server, `Patient/${id}`)
  expectStatus(await update(server, { ...first, gender: 'female' }), [200], 'An update')
  const second = await read<Patient>(server, `Patient/${id}`)
  return [id, first.meta.versionId, second.meta.versionId]
}

const vread: Check = async (server) => {
  const [id, first, second] = await withTwoVersions(server)
  const old = await read<Patient>(server, `Patient/${id}/_history/${first}`)
  expectThat(old.gender === undefined, 'An older version comes back as the present one')
  const present = await read<Patient>(server, `Patient/${id}/_history/${second}`)
  expectThat(present.gender === 'female', 'The present version comes back as an older one')
}

function versionsIn({ entry = [] }: Bundle): string[] {
  return entry.flatMap(({ resource }) => resource?.meta?.versionId ?? [])
}

const history: Check = async (server) => {
  const [id, first, second] = await withTwoVersions(server)
  const reply = await server.send('GET', `Patient/${id}/_history`)
  expectStatus(reply, [200], 'The history of a resource')
  const versions = versionsIn(bundleIn(reply, 'The history of a resource'))
  expectThat(
    versions.join() === [second, first].join(),
    `The history of a resource with two versions lists ${versions.length}, or not the newest first`,
  )
}

const historySince: Check = async (server) => {
  const { id } = await create(server, patient(server))
  const { meta } = await read(server, `Patient/${id}`)
  const since = new Date(Date.parse(meta.lastUpdated ?? '') - 1).toISOString()
  const reply = await server.send('GET', `_history?_since=${since}&_count=500`)
  if (reply.status === 404 || reply.status === 400)
    throw new NotSupported('There is no history over all types')
  expectStatus(reply, [200], 'The history over all types')
  const { entry = [] } = bundleIn(reply, 'The history over all types')
  expectThat(
    entry.some(({ resource }) => resource?.id === id),
    'The history over all types misses what was just stored',
  )
  const later = await server.send('GET', `_history?_since=${new Date(Date.now() + 3_600_000).toISOString()}`)
  const tooMany = bundleIn(later, 'The history over all types').entry ?? []
  expectThat(tooMany.length === 0, '_since is passed over by the history over all types')
}

const headers: Check = async (server) => {
  const reply = await server.send('POST', 'Patient', { body: patient(server) })
  expectStatus(reply, [201], 'A create')
  const missing = ['location', 'etag', 'last-modified'].filter((name) => reply.headers.get(name) === null)
  const address = addressIn(reply.headers.get('location')) ?? `Patient/${resourceIn(reply, 'A create').id}`
  const etag = (await server.send('GET', address)).headers.get('etag')
  const { meta } = await read(server, address)
  if (etag === null) missing.push('etag of a read')
  if (missing.length > 0) throw new NotSupported(`Not sent: ${missing.join(', ')}`)
  expectThat(
    etag?.replace(/^W\//, '') === `"${meta.versionId}"`,
    'ETag and meta.versionId are not the same version',
  )
}

const errors: Check = async (server) => {
  const wrong = await server.send('POST', 'Patient', {
    body: { resourceType: 'Patient', birthDate: 'yesterday' },
  })
  if (wrong.status < 300) throw new NotSupported('A Patient born "yesterday" is stored')
  expectThat(wrong.status >= 400 && wrong.status < 500, `What is not FHIR answers ${wrong.status}`)
  const replies = [
    wrong,
    await server.send('GET', `Patient/${server.newId()}-missing`),
    await server.send('POST', 'Basic', { body: { resourceType: 'Basic', code: 'x' } as unknown as Basic }),
  ]
  for (const reply of replies)
    if (outcomeOf(reply)?.issue?.[0]?.code === undefined)
      fail(`An answer with status ${reply.status} holds no OperationOutcome`)
}

export const ONE_RESOURCE = {
  create: createCheck,
  read: readCheck,
  update: updateCheck,
  'update-extension': updateExtension,
  'update-unchanged': updateUnchanged,
  'update-as-create': updateAsCreate,
  'if-match': ifMatch,
  'if-none-match': ifNoneMatch,
  'if-none-exist': ifNoneExist,
  delete: deleteCheck,
  gone,
  'json-patch': jsonPatch,
  vread,
  history,
  'history-since': historySince,
  headers,
  errors,
}
