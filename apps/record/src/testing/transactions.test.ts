import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestRecord, type TestRecord, type Answered } from './record.ts'

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord()
})
afterAll(() => record.stop())

const put = (resource: { resourceType: string; id: string }, more: object = {}) => ({
  resource,
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}`, ...more },
})
const post = (resource: { resourceType: string }, more: object = {}, fullUrl?: string) => ({
  ...(fullUrl === undefined ? {} : { fullUrl }),
  resource,
  request: { method: 'POST', url: resource.resourceType, ...more },
})
const transaction = (entry: object[], headers?: Record<string, string>) =>
  record.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry }, headers)
const schedule = (id: string, revision: string) => ({
  resourceType: 'Schedule',
  id,
  actor: [{ reference: 'Practitioner/p' }],
  comment: revision,
})
const location = (id: string, name = id) => ({ resourceType: 'Location', id, name })

describe('the lock of a calendar', () => {
  test('of two transactions at once on one version exactly one wins, a hundred times', async () => {
    await transaction([put(schedule('lock', 'start'))])
    for (let round = 1; round <= 100; round++) {
      const attempt = (who: string) =>
        transaction([
          put(schedule('lock', randomUUID()), { ifMatch: `W/"${round}"` }),
          put(location(`round-${round}-${who}`)),
        ])
      const both = await Promise.all([attempt('a'), attempt('b')])
      expect(both.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([200, 412])
      const written = await record.send('GET', `Location?_id=round-${round}-a,round-${round}-b`)
      expect(written.json.total).toBe(1)
    }
    expect((await record.send('GET', 'Schedule/lock')).json.meta.versionId).toBe('101')
  })

  test('ifMatch is honoured on deletes as well', async () => {
    await transaction([put(location('locked'))])
    const entry = { request: { method: 'DELETE', url: 'Location/locked', ifMatch: 'W/"9"' } }
    expect((await transaction([entry, put(location('beside'))])).status).toBe(412)
    expect((await record.send('GET', 'Location/beside')).status).toBe(404)
  })
})

describe('all or nothing', () => {
  test.each([
    [
      'an invalid resource',
      {
        resource: { resourceType: 'Location', id: 'bad', status: 'nonsense' },
        request: { method: 'PUT', url: 'Location/bad' },
      },
      422,
    ],
    [
      'a dangling urn:uuid',
      post({ resourceType: 'Slot', schedule: { reference: `urn:uuid:${randomUUID()}` } } as never),
      400,
    ],
    [
      'a conditional reference without a match',
      post({ resourceType: 'Schedule', actor: [{ reference: 'Practitioner?identifier=x|none' }] } as never),
      412,
    ],
    ['an entry without a request', { resource: { resourceType: 'Location' } }, 400],
    ['a stale ifMatch', put(location('never'), { ifMatch: 'W/"4"' }), 412],
  ])('%s keeps every other entry out and names its place', async (_what, bad, status) => {
    const id = `whole-${randomUUID()}`
    const answer = await transaction([put(location(id)), bad, put(location(`${id}-2`))])
    expect(answer.status).toBe(status)
    expect(answer.json.issue[0].expression[0]).toMatch(/^Bundle\.entry\[1\]/)
    expect((await record.send('GET', `Location?_id=${id},${id}-2`)).json.total).toBe(0)
    expect((await record.send('GET', `Location/${id}/_history`)).status).toBe(404)
  })

  test('one resource may not be written twice', async () => {
    expect((await transaction([put(location('twice')), put(location('twice', 'other'))])).status).toBe(400)
    expect((await record.send('GET', 'Location/twice')).status).toBe(404)
  })

  test('two entries may not create by one condition', async () => {
    const make = () =>
      post({ resourceType: 'Location', name: 'once' } as never, { ifNoneExist: 'name:exact=once' })
    expect((await transaction([make(), make()])).status).toBe(400)
    expect((await record.send('GET', 'Location?name:exact=once')).json.total).toBe(0)
  })

  test('a batch keeps what is good and answers each entry for itself', async () => {
    const entry = [
      put(location('batch-ok')),
      put({ resourceType: 'Location', id: 'batch-bad', mode: 'x' } as never),
    ]
    const answer = await record.send('POST', '', { resourceType: 'Bundle', type: 'batch', entry })
    expect(answer.json.entry.map((one: Answered) => one.response.status.slice(0, 3))).toEqual(['201', '422'])
    expect(answer.json.entry[1].response.outcome.issue[0].expression).toEqual(['Location.mode'])
    expect((await record.send('GET', 'Location/batch-ok')).status).toBe(200)
  })
})

describe('references', () => {
  test('urn:uuid and conditional references become Type/id wherever they stand', async () => {
    await transaction([
      put({
        resourceType: 'Practitioner',
        id: 'npi-1',
        identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '1' }],
      } as never),
    ])
    const [patient, encounter] = [`urn:uuid:${randomUUID()}`, `urn:uuid:${randomUUID()}`]
    const answer = await transaction([
      post(
        {
          resourceType: 'Encounter',
          status: 'finished',
          class: { code: 'AMB' },
          subject: { reference: patient },
          participant: [
            { individual: { reference: 'Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1' } },
          ],
          extension: [
            {
              url: 'urn:x',
              extension: [
                { url: 'y', valueReference: { reference: patient } },
                { url: 'z', valueUri: patient },
              ],
            },
            { url: 'urn:b', valueReference: { reference: '#b' } },
          ],
          contained: [
            { resourceType: 'Basic', id: 'b', code: { text: 'x' }, subject: { reference: patient } },
          ],
        } as never,
        {},
        encounter,
      ),
      post({ resourceType: 'Patient', name: [{ family: 'New' }] } as never, {}, patient),
    ])
    const [encounterPath, patientPath] = answer.json.entry.map((one: Answered) =>
      one.response.location.slice(record.base.length + 1).replace(/\/_history.*/, ''),
    )
    const stored = (await record.send('GET', encounterPath)).json
    expect(stored.subject.reference).toBe(patientPath)
    expect(stored.participant[0].individual.reference).toBe('Practitioner/npi-1')
    expect(
      stored.extension[0].extension.map((one: Answered) => one.valueUri ?? one.valueReference.reference),
    ).toEqual([patientPath, patientPath])
    expect(stored.contained[0].subject.reference).toBe(patientPath)
  })

  test('a conditional reference outside of a transaction is refused and stores nothing, whether something matches or not', async () => {
    await transaction([
      put({
        resourceType: 'Practitioner',
        id: 'there',
        identifier: [{ system: 'urn:n', value: 'there' }],
      } as never),
    ])
    for (const value of ['there', 'not-there']) {
      const schedule = {
        resourceType: 'Schedule',
        id: 'conditional',
        actor: [{ reference: `Practitioner?identifier=urn:n|${value}` }],
      }
      const alone = [
        await record.send('POST', 'Schedule', schedule),
        await record.send('PUT', 'Schedule/conditional', schedule),
      ]
      for (const { status, json } of alone) {
        expect(status).toBe(422)
        expect(json.issue[0].expression).toEqual(['Schedule.actor[0].reference'])
      }
      const batch = await record.send('POST', '', {
        resourceType: 'Bundle',
        type: 'batch',
        entry: [put(schedule as never)],
      })
      expect(batch.json.entry[0].response.status).toMatch(/^422/)
    }
    expect((await record.send('GET', 'Schedule/conditional')).status).toBe(404)
  })

  test('a conditional reference finds what the same transaction creates', async () => {
    const answer = await transaction([
      post({ resourceType: 'Schedule', actor: [{ reference: 'Practitioner?identifier=urn:n|77' }] } as never),
      post({ resourceType: 'Practitioner', identifier: [{ system: 'urn:n', value: '77' }] } as never),
    ])
    expect(answer.status).toBe(200)
  })

  test('what is a text, such as the value of an identifier, keeps the urn:uuid that it is', async () => {
    const own = `urn:uuid:${randomUUID()}`
    const identifier = [{ system: 'urn:ietf:rfc:3986', value: own }]
    const sent = { resourceType: 'Patient', identifier, extension: [{ url: 'urn:x', valueString: own }] }
    const answer = await transaction([post(sent as never, {}, own)], { prefer: 'return=representation' })
    expect(answer.json.entry[0].resource).toMatchObject(sent)
  })

  test('a relative reference means what came from the same server, not what has that id here', async () => {
    await transaction([put({ resourceType: 'Patient', id: '77' })])
    const observation = (reference: string) =>
      ({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference } }) as never
    const answer = await transaction(
      [
        post({ resourceType: 'Patient' }, {}, 'http://other.example/fhir/Patient/77'),
        post(observation('Patient/77'), {}, 'http://other.example/fhir/Observation/1'),
        post(observation('Patient/77'), {}, 'http://third.example/fhir/Observation/1'),
      ],
      { prefer: 'return=representation' },
    )
    const [patient, same, third] = answer.json.entry.map((one: Answered) => one.resource)
    expect(same.subject.reference).toBe(`Patient/${patient.id}`)
    expect(third.subject.reference).toBe('Patient/77')
  })

  test('ifNoneExist in a transaction points references at what is already there', async () => {
    const entry = () => [
      post(
        { resourceType: 'Organization', name: 'O', identifier: [{ system: 'urn:o', value: '5' }] } as never,
        { ifNoneExist: 'identifier=urn:o|5' },
        'urn:uuid:o',
      ),
      post({
        resourceType: 'Location',
        name: 'at O',
        managingOrganization: { reference: 'urn:uuid:o' },
      } as never),
    ]
    const first = await transaction(entry())
    const second = await transaction(entry())
    expect(second.json.entry.map((one: Answered) => one.response.status)).toEqual(['200 OK', '201 Created'])
    expect(second.json.entry[0].response.location).toBe(first.json.entry[0].response.location)
    expect((await record.send('GET', 'Location?organization.identifier=urn:o|5')).json.total).toBe(2)
  })
})

describe('entries that meet', () => {
  const organization = (value: string, more: object = {}) =>
    ({
      resourceType: 'Organization',
      name: value,
      identifier: [{ system: 'urn:meet', value }],
      ...more,
    }) as never
  const by = (value: string) => `identifier=urn:meet|${value}`
  const count = async (value: string) => (await record.send('GET', `Organization?${by(value)}`)).json.total
  const remove = (url: string) => ({ request: { method: 'DELETE', url } })
  const conditional = (value: string, resource: object = organization(value)) => ({
    resource,
    request: { method: 'PUT', url: `Organization?${by(value)}` },
  })

  test.each<[string, (id: string) => object[]]>([
    [
      'a delete by condition and an update',
      (id) => [remove(`Organization?${by('met')}`), put({ id, ...(organization('met') as object) } as never)],
    ],
    [
      'two updates by conditions',
      () => [
        conditional('met'),
        { ...conditional('met'), request: { method: 'PUT', url: `Organization?name:exact=met` } },
      ],
    ],
    [
      'an update and a delete',
      (id) => [put({ id, ...(organization('met') as object) } as never), remove(`Organization/${id}`)],
    ],
    [
      'a create that finds what another entry deletes',
      (id) => [post(organization('met'), { ifNoneExist: by('met') }), remove(`Organization/${id}`)],
    ],
  ])('%s of one resource are refused, and nothing is changed', async (_what, entries) => {
    const { json } = await record.send('PUT', `Organization?${by('met')}`, organization('met'))
    const { headers } = await record.send('GET', `Organization/${json.id}`)
    const answer = await transaction(entries(json.id))
    expect([answer.status, answer.json.issue[0].code]).toEqual([400, 'invalid'])
    expect((await record.send('GET', `Organization/${json.id}`)).headers.get('etag')).toBe(
      headers.get('etag'),
    )
  })

  test('a create and an update by one condition, however it is written, are refused', async () => {
    const entries = [
      post(organization('written'), { ifNoneExist: `${by('written')}&name=written` }),
      {
        resource: organization('written'),
        request: { method: 'PUT', url: `Organization?name=written&${by('written')}` },
      },
    ]
    expect((await transaction(entries)).status).toBe(400)
    expect(await count('written')).toBe(0)
  })

  test('conditions that find nothing before and each other after are refused', async () => {
    const both = organization('one', {
      identifier: [
        { system: 'urn:meet', value: 'one' },
        { system: 'urn:meet', value: 'two' },
      ],
    })
    const answer = await transaction([
      post(both, { ifNoneExist: by('one') }),
      post(both, { ifNoneExist: by('two') }),
    ])
    expect([answer.status, answer.json.issue[0].code]).toEqual([412, 'multiple-matches'])
    expect(answer.json.issue[0].expression).toEqual(['Bundle.entry[0]'])
    expect(await count('one')).toBe(0)
  })

  test('what is deleted by a condition and what is made by another live side by side', async () => {
    await record.send('PUT', `Organization?${by('old')}`, organization('old'))
    const answer = await transaction([
      conditional('new'),
      remove(`Organization?${by('old')}`),
      remove(`Organization?${by('none')}`),
    ])
    expect(answer.json.entry.map((one: Answered) => one.response.status.slice(0, 3))).toEqual([
      '201',
      '204',
      '204',
    ])
    expect([await count('old'), await count('new')]).toEqual([0, 1])
  })

  test('a batch decides each condition when its turn comes', async () => {
    const entry = [
      conditional('turn'),
      conditional('turn', organization('turn', { active: true })),
      remove(`Organization?${by('turn')}`),
    ]
    const { json } = await record.send('POST', '', { resourceType: 'Bundle', type: 'batch', entry })
    expect(json.entry.map((one: Answered) => one.response.status.slice(0, 3))).toEqual(['201', '200', '204'])
  })
})

test('entries run as delete, create, update, read, and answer in the order they were sent', async () => {
  await transaction([put(location('order-old'))])
  const answer = await transaction(
    [
      { request: { method: 'GET', url: 'Location?name=order' } },
      put(location('order-put')),
      post({ resourceType: 'Location', name: 'order-post' } as never),
      { request: { method: 'DELETE', url: 'Location/order-old' } },
    ],
    { prefer: 'return=representation' },
  )
  expect(answer.json.entry.map((one: Answered) => one.response.status.slice(0, 3))).toEqual([
    '200',
    '201',
    '201',
    '204',
  ])
  expect(answer.json.entry[0].resource.entry.map((one: Answered) => one.resource.name).sort()).toEqual([
    'order-post',
    'order-put',
  ])
  expect(answer.json.entry[1].resource.name).toBe('order-put')
})

test('a transaction of five thousand entries is one transaction, and readers go on without it until it is there', async () => {
  const entry = Array.from({ length: 5000 }, (_one, at) => put(location(`many-${at}`)))
  let isDone = false
  const done = transaction(entry).finally(() => (isDone = true))
  const totals: number[] = []
  while (!isDone) totals.push((await record.send('GET', 'Location?name=many-&_summary=count')).json.total)
  expect((await done).status).toBe(200)
  expect((await record.send('GET', 'Location?name=many-&_summary=count')).json.total).toBe(5000)
  expect(totals.filter((total) => total !== 0 && total !== 5000)).toEqual([])
  expect(totals.filter((total) => total === 0).length).toBeGreaterThan(5)
})
