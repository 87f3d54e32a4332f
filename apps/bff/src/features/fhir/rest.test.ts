import type { Bundle, CapabilityStatement, Location, OperationOutcome } from '@medplum/fhirtypes'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { OPERATION_TABLE, ROLE_TABLE, ROLES } from '@openward/access'
import { OPERATIONS } from '#/operations.ts'
import { type Harness, startHarness, type TestPerson } from '#/testing/harness.ts'
import * as people from '#/testing/people.ts'

const { ADMINISTRATOR, CANARY, CLINICIAN, PATIENT_A, PATIENT_B, SCHEDULER } = people

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  await harness.seed(people.RESOURCES)
})
afterAll(() => harness.stop())

const JSON_TYPE = { 'content-type': 'application/fhir+json' }

function put(
  person: TestPerson,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return harness.fetchAs(person, path, {
    method: 'PUT',
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify(body),
  })
}

function post(person: TestPerson, path: string, body: unknown): Promise<Response> {
  return harness.fetchAs(person, path, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) })
}

async function outcomeOf(response: Response): Promise<OperationOutcome> {
  const outcome = (await response.json()) as OperationOutcome
  expect(outcome.resourceType).toBe('OperationOutcome')
  expect(outcome.id).toBe(response.headers.get('x-correlation-id'))
  return outcome
}

describe('updates', () => {
  test('name the version they were made from: 428 without, 412 when it is stale', async () => {
    const client = await harness.clientFor(PATIENT_A)
    const patient = await client.read('Patient', 'a')
    expect((await put(PATIENT_A, '/Patient/a', patient)).status).toBe(428)
    expect((await put(PATIENT_A, '/Patient/a', patient, { 'if-match': '*' })).status).toBe(400)
    const changed = await client.update({ ...patient, telecom: [{ system: 'phone', value: '555-0100' }] })
    expect(changed.meta.versionId).not.toBe(patient.meta.versionId)
    const stale = await put(PATIENT_A, '/Patient/a', patient, { 'if-match': `W/"${patient.meta.versionId}"` })
    expect(stale.status).toBe(412)
    expect((await outcomeOf(stale)).issue[0]?.code).toBe('conflict')
  })

  test('of two at once from the same version, one wins', async () => {
    const client = await harness.clientFor(PATIENT_A)
    const patient = await client.read('Patient', 'a')
    const tries = await Promise.allSettled(
      ['1', '2', '3', '4'].map((value) =>
        client.update({ ...patient, telecom: [{ system: 'phone', value }] }),
      ),
    )
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('of what a patient may not change are 422 and name the field', async () => {
    const client = await harness.clientFor(PATIENT_A)
    const patient = await client.read('Patient', 'a')
    const response = await put(
      PATIENT_A,
      '/Patient/a',
      { ...patient, birthDate: '2001-01-01' },
      { 'if-match': `W/"${patient.meta.versionId}"` },
    )
    expect(response.status).toBe(422)
    expect((await outcomeOf(response)).issue[0]?.expression).toEqual(['Patient.birthDate'])
  })

  test('of another person’s details are refused alike, whether that person exists or not', async () => {
    const answers = await Promise.all(
      ['b', 'no-such-id'].map((id) =>
        put(PATIENT_A, `/Patient/${id}`, { resourceType: 'Patient', id }, { 'if-match': 'W/"1"' }),
      ),
    )
    const [first, second] = await Promise.all(answers.map(outcomeOf))
    expect(answers.map(({ status }) => status)).toEqual([403, 403])
    expect({ ...first, id: '' }).toEqual({ ...second, id: '' })
  })

  test('that the record refuses name the field as it stands in the resource', async () => {
    const client = await harness.clientFor(PATIENT_A)
    const patient = await client.read('Patient', 'a')
    const response = await put(
      PATIENT_A,
      '/Patient/a',
      { ...patient, telecom: [{ system: 'pigeon', value: CANARY }] },
      { 'if-match': `W/"${patient.meta.versionId}"` },
    )
    expect([400, 422]).toContain(response.status)
    const outcome = await outcomeOf(response)
    expect(outcome.issue[0]?.expression?.[0]).toMatch(/^Patient\.telecom/)
    expect(JSON.stringify(outcome)).not.toContain(CANARY)
  })

  test('by JSON Patch take the same rules', async () => {
    const client = await harness.clientFor(PATIENT_A)
    const { meta } = await client.read('Patient', 'a')
    const patched = await client.patch('Patient', 'a', meta.versionId, [
      { op: 'add', path: '/telecom', value: [{ system: 'phone', value: '7' }] },
    ])
    expect(patched).toMatchObject({ telecom: [{ system: 'phone', value: '7' }] })
    const forbidden = client.patch('Patient', 'a', patched.meta.versionId, [
      { op: 'replace', path: '/active', value: false },
    ])
    await expect(forbidden).rejects.toMatchObject({ status: 422 })
    const renamed = client.patch('Patient', 'a', patched.meta.versionId, [
      { op: 'replace', path: '/id', value: 'b' },
    ])
    await expect(renamed).rejects.toMatchObject({ status: 422 })
  })
})

describe('visits and taken time', () => {
  test.each([PATIENT_A, SCHEDULER, CLINICIAN, ADMINISTRATOR])(
    'are not written plainly by $roles: 422 with the operation to use',
    async (person) => {
      const fhir = harness.record.fhir()
      const visit = await fhir.read('Appointment', 'v-a')
      const slot = await fhir.read('Slot', 'taken')
      const answers = await Promise.all([
        put(person, '/Appointment/v-a', { ...visit, start: '2027-03-02T09:00:00Z' }, { 'if-match': 'W/"1"' }),
        put(person, '/Appointment/v-a', { ...visit, status: 'cancelled' }, { 'if-match': 'W/"1"' }),
        post(person, '/Appointment', visit),
        harness.fetchAs(person, '/Appointment/v-a', {
          method: 'PATCH',
          headers: { 'content-type': 'application/json-patch+json', 'if-match': 'W/"1"' },
          body: '[{"op":"replace","path":"/status","value":"cancelled"}]',
        }),
        harness.fetchAs(person, '/Appointment/v-a', { method: 'DELETE', headers: { 'if-match': 'W/"1"' } }),
        put(person, '/Slot/taken', { ...slot, status: 'free' }, { 'if-match': 'W/"1"' }),
        post(person, '/Slot', slot),
      ])
      for (const answer of answers) {
        expect(answer.status).toBe(422)
        expect((await outcomeOf(answer)).issue[0]?.details?.text).toContain('$')
      }
      expect((await fhir.read('Appointment', 'v-a')).meta.versionId).toBe(visit.meta.versionId)
    },
  )

  test('an administrator’s transaction with one such write stores nothing at all', async () => {
    const entry = [
      {
        resource: { resourceType: 'Location', name: 'must not stay' },
        request: { method: 'POST', url: 'Location' },
      },
      { resource: { resourceType: 'Slot', status: 'free' }, request: { method: 'POST', url: 'Slot' } },
    ]
    expect(
      (await post(ADMINISTRATOR, '', { resourceType: 'Bundle', type: 'transaction', entry })).status,
    ).toBe(422)
    const { resources } = await harness.record.fhir().search('Location', { name: 'must not stay' })
    expect(resources).toEqual([])
  })
})

describe('an administrator', () => {
  test('creates, changes and reads sites', async () => {
    const client = await harness.clientFor(ADMINISTRATOR)
    const site = await client.create<Location>({ resourceType: 'Location', name: 'New site' })
    const renamed = await client.update({ ...site, name: 'Newer site' })
    expect(await client.read('Location', site.id)).toEqual(renamed)
    expect((await client.history('Location', site.id)).entry).toHaveLength(2)
  })

  test('writes several resources in one transaction, with references between them', async () => {
    const fullUrl = `urn:uuid:${crypto.randomUUID()}`
    const entry = [
      {
        fullUrl,
        resource: { resourceType: 'Location', name: 'House' },
        request: { method: 'POST', url: 'Location' },
      },
      {
        resource: { resourceType: 'Location', name: 'Room', partOf: { reference: fullUrl } },
        request: { method: 'POST', url: 'Location' },
      },
    ]
    const answer = await post(ADMINISTRATOR, '', { resourceType: 'Bundle', type: 'transaction', entry })
    expect(answer.status).toBe(200)
    expect(((await answer.json()) as Bundle).entry).toHaveLength(2)
    const { resources } = await (await harness.clientFor(ADMINISTRATOR)).search('Location', { name: 'Room' })
    expect(resources[0]?.partOf?.reference).toMatch(/^Location\//)
  })

  test('deletes where it is granted, the version that was seen', async () => {
    const client = await harness.clientFor(ADMINISTRATOR)
    const role = await client.create({ resourceType: 'PractitionerRole' as const, active: true })
    await client.delete('PractitionerRole', role.id, role.meta.versionId)
    await expect(client.read('PractitionerRole', role.id)).rejects.toMatchObject({ status: 404 })
    await expect(client.delete('Location', 'site', '1')).rejects.toMatchObject({ status: 403 })
  })

  test('is the only one whose transactions are taken', async () => {
    for (const person of [PATIENT_A, SCHEDULER])
      expect(
        (await post(person, '', { resourceType: 'Bundle', type: 'transaction', entry: [] })).status,
      ).toBe(403)
  })
})

describe('searches', () => {
  test('name an unknown parameter: 400', async () => {
    const response = await harness.fetchAs(SCHEDULER, '/Patient?nmae=x')
    expect(response.status).toBe(400)
    expect((await outcomeOf(response)).issue[0]?.expression).toEqual(['nmae'])
  })

  test('page by links that only their owner can use, and that cannot be edited', async () => {
    const first = (await (await harness.fetchAs(SCHEDULER, '/Patient?_count=1')).json()) as Bundle
    const next = first.link?.find(({ relation }) => relation === 'next')?.url ?? ''
    expect(next.startsWith(`${harness.fhirUrl}/Patient?_cursor=`)).toBe(true)
    const path = next.slice(harness.fhirUrl.length)
    const second = (await (await harness.fetchAs(SCHEDULER, path)).json()) as Bundle
    expect(second.entry?.[0]?.resource?.id).not.toBe(first.entry?.[0]?.resource?.id)
    const forged = [
      path.slice(0, -3) + 'AAA',
      `${path}&_count=5`,
      path.replace('/Patient', '/Appointment'),
      '/Patient?_cursor=',
      '/Patient?_cursor=%00',
    ]
    for (const one of forged) expect((await harness.fetchAs(SCHEDULER, one)).status).toBe(400)
    for (const person of [PATIENT_A, { ...SCHEDULER, sub: 'someone-else' }])
      expect((await harness.fetchAs(person, path)).status).toBe(400)
  })

  test('walk over every page once, through the client', async () => {
    const client = await harness.clientFor(CLINICIAN)
    const ids: string[] = []
    for await (const page of client.pages('Patient', { _count: 1 }))
      ids.push(...page.resources.map(({ id }) => id))
    expect(ids.toSorted()).toEqual(['a', 'b', 'grown', 'kid'])
  })

  test('give chosen elements only', async () => {
    const bundle = (await (
      await harness.fetchAs(PATIENT_A, '/Observation?_elements=status')
    ).json()) as Bundle
    expect(Object.keys(bundle.entry?.[0]?.resource ?? {}).toSorted()).toEqual([
      'id',
      'meta',
      'resourceType',
      'status',
    ])
  })
})

describe('hostile requests', () => {
  test.each([
    '/Patient/%2e%2e%2fPatient%2fb',
    '/Patient/a%00b',
    `/Patient/${'a'.repeat(300)}`,
    '/Patient/а',
    '/Patient/a,b',
    '/Patient/a%2Fb',
    '/Patient/..%2f..%2fmetadata',
    '/https://evil.example/Patient/1',
    '//evil.example',
    '/Patient/a/_history/x/y/z',
    '/patient/a',
    '/Foo/1',
    '/Patient?',
    '/Patient?_count=1e9',
    '/Patient?%00=1',
    '/Patient?__proto__=1',
    '/Patient/%',
    '/Patient?name=%ff',
    '/constructor',
    '/Patient/__proto__',
    '/$find',
    '/Appointment/$nothing',
    '/Appointment/v-a/$nothing',
    '/Appointment/x/$cancel',
    '/OperationDefinition/none',
    `/Observation?code=${'x'.repeat(7000)}`,
  ])('GET %.60s is a client error and no leak', async (path) => {
    for (const person of [PATIENT_A, ADMINISTRATOR]) {
      const response = await harness.fetchAs(person, path)
      expect(response.status).toBeLessThan(500)
      expect(await response.text()).not.toContain(`${CANARY}-b`)
    }
  })

  test.each<[string, string, string, number]>([
    ['no JSON', '{"resourceType":', 'application/fhir+json', 400],
    ['no object', '[]', 'application/fhir+json', 400],
    ['another type', '{"resourceType":"Patient"}', 'application/fhir+json', 400],
    ['a polluting key', '{"resourceType":"Location","__proto__":{"x":1}}', 'application/fhir+json', 400],
    ['deep nesting', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 'application/fhir+json', 400],
    ['XML', '<Location/>', 'application/fhir+xml', 415],
    ['a form', 'resourceType=Location', 'application/x-www-form-urlencoded', 415],
    ['plain text', '{}', 'text/plain', 415],
    [
      'more than 1 MB',
      `{"resourceType":"Location","name":"${'x'.repeat(1_100_000)}"}`,
      'application/fhir+json',
      413,
    ],
    ['an element that is not in FHIR', '{"resourceType":"Location","wings":2}', 'application/fhir+json', 422],
    [
      'a security label',
      '{"resourceType":"Location","meta":{"security":[{"code":"R"}]}}',
      'application/fhir+json',
      422,
    ],
  ])('a body with %s is refused as such', async (_case, body, type, status) => {
    const response = await harness.fetchAs(ADMINISTRATOR, '/Location', {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    await outcomeOf(response)
    expect(response.status === status || (status === 422 && response.status === 400)).toBe(true)
  })

  test('of any JSON body are never a server error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue(),
        fc.constantFrom('', '/Location', '/Appointment/$find', '/Appointment/v-a/$cancel'),
        async (body, path) => {
          expect((await post(ADMINISTRATOR, path, body)).status).toBeLessThan(500)
          expect(
            (await post(PATIENT_B, path, { resourceType: 'Parameters', parameter: body })).status,
          ).toBeLessThan(500)
          expect(
            (await post(PATIENT_B, '', { resourceType: 'Bundle', type: 'batch', entry: body })).status,
          ).toBeLessThan(500)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('conditional writes are not taken, so that nobody learns from them who exists', async () => {
    const put = { method: 'PUT', headers: JSON_TYPE, body: '{"resourceType":"Patient"}' }
    expect((await harness.fetchAs(PATIENT_A, '/Patient?identifier=x', put)).status).toBe(405)
    expect(
      (await harness.fetchAs(PATIENT_A, '/Observation?subject=Patient/b', { method: 'DELETE' })).status,
    ).toBe(405)
    const create = {
      method: 'POST',
      headers: { ...JSON_TYPE, 'if-none-exist': 'name=x' },
      body: '{"resourceType":"Location"}',
    }
    expect((await harness.fetchAs(ADMINISTRATOR, '/Location', create)).status).toBe(400)
  })

  test('a batch takes relative addresses, no Bundles inside, and at most 100 entries', async () => {
    const send = async (urls: string[]) => {
      const entry = urls.map((url) => ({ request: { method: 'GET', url } }))
      return post(PATIENT_A, '', { resourceType: 'Bundle', type: 'batch', entry })
    }
    const odd = (await (
      await send([
        'https://evil.example/Patient/1',
        '//host/Patient/1',
        '../$export',
        '/Patient/a',
        'Patient/../Patient/b',
      ])
    ).json()) as Bundle
    for (const { response } of odd.entry ?? []) expect(response?.status).toBe('400')
    expect((await send(Array.from({ length: 101 }, () => 'Patient/a'))).status).toBe(400)
  })

  test('method overrides are ignored, HEAD answers without a body, other methods are refused', async () => {
    const overridden = await harness.fetchAs(ADMINISTRATOR, '/Location/site', {
      headers: { 'x-http-method-override': 'DELETE' },
    })
    expect(overridden.status).toBe(200)
    const head = await harness.fetchAs(PATIENT_A, '/Patient/a', { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
    expect((await harness.fetchAs(PATIENT_A, '/Patient/b', { method: 'HEAD' })).status).toBe(404)
    for (const method of ['OPTIONS', 'PROPFIND']) {
      const response = await harness.fetchAs(PATIENT_A, '/Patient/a', { method })
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(response.status).toBeLessThan(500)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})

describe('what is said about the server', () => {
  test('the CapabilityStatement names what the tables grant, and every operation with its definition', async () => {
    const statement = (await (await harness.fetchAs(undefined, '/metadata')).json()) as CapabilityStatement
    const resources = statement.rest?.[0]?.resource ?? []
    const appointment = resources.find(({ type }) => type === 'Appointment')
    expect(appointment?.interaction?.map(({ code }) => code)).toEqual([
      'read',
      'vread',
      'history-instance',
      'search-type',
    ])
    const definitions = (await (await harness.fetchAs(undefined, '/OperationDefinition')).json()) as Bundle
    expect(definitions.total).toBe(OPERATIONS.length)
    for (const { definition } of OPERATIONS)
      expect((await harness.fetchAs(undefined, `/OperationDefinition/${definition.id}`)).status).toBe(200)
  })

  test('every search parameter and include that is offered is one that the record knows', async () => {
    const statement = (await (await harness.fetchAs(undefined, '/metadata')).json()) as CapabilityStatement
    const value = { token: 'x', date: '2026-01-01', string: 'x', uri: 'http://x', reference: 'x' } as Record<
      string,
      string
    >
    const everyone = { ...CLINICIAN, roles: ROLES.filter((role) => role !== 'patient') }
    const refused: string[] = []
    for (const { type = '', searchParam, searchInclude, searchRevInclude } of statement.rest?.[0]?.resource ??
      []) {
      const questions = [
        ...(searchParam ?? []).map(({ name, type: kind }) => `${name}=${value[kind]}`),
        ...(searchInclude ?? []).map((name) => `_include=${name}`),
        ...(searchRevInclude ?? []).map((name) => `_revinclude=${name}`),
      ]
      for (const question of questions) {
        const { status } = await harness.fetchAs(everyone, `/${type}?${question}`)
        if (status !== 200) refused.push(`${type}?${question}: ${status}`)
      }
    }
    expect(refused).toEqual([])
  })

  test('search parameters are of the kind that the standard gives them', async () => {
    const kinds = (statement: CapabilityStatement) =>
      new Map(
        (statement.rest?.[0]?.resource ?? []).flatMap(({ type, searchParam }) =>
          (searchParam ?? []).map(({ name, type: kind }) => [`${type}?${name}`, kind] as const),
        ),
      )
    const offered = kinds(
      (await (await harness.fetchAs(undefined, '/metadata')).json()) as CapabilityStatement,
    )
    const known = kinds(await harness.record.fhir().capabilities())
    const wrong = [...offered].filter(([name, kind]) => known.has(name) && known.get(name) !== kind)
    expect(wrong).toEqual([])
    expect([...offered.keys()].filter((name) => known.has(name)).length).toBeGreaterThan(100)
  })

  test('a patient may search every type that patients are granted', async () => {
    const types = ROLE_TABLE.find(({ role }) => role === 'patient')?.scopes.map(({ type }) => type) ?? []
    for (const type of types)
      expect([type, (await harness.fetchAs(PATIENT_A, `/${type}`)).status]).toEqual([type, 200])
  })

  test('every operation has a row in the table of access, and every row an operation', () => {
    const offered = OPERATIONS.map(({ type, level, name }) => (level === 'system' ? name : `${type}/${name}`))
    expect(offered.toSorted()).toEqual(
      Object.keys(OPERATION_TABLE)
        .filter((key) => key !== 'transaction')
        .toSorted(),
    )
  })

  test('answers with health data are not stored by anyone and run no scripts', async () => {
    const { headers } = await harness.fetchAs(PATIENT_A, '/Patient/a')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-type')).toContain('application/fhir+json')
  })
})
