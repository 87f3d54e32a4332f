import { copyFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestRecord, type Answered, type TestRecord } from '../testing/record.ts'
import { Counter } from './counter.ts'

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord()
  for (const id of ['ana', 'ben', 'cem'])
    await record.send('PUT', `Patient/${id}`, {
      resourceType: 'Patient',
      id,
      gender: id === 'ana' ? 'female' : 'male',
    })
  await record.send('PUT', 'Task/t', {
    resourceType: 'Task',
    id: 't',
    status: 'requested',
    intent: 'order',
    for: { reference: 'Patient/ben' },
    authoredOn: '2026-01-02T00:00:00Z',
  })
})
afterAll(() => record.stop())

const search = (valueString: string) => ({ name: 'search', valueString })
const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter })

function ask(operation: string, ...parameter: object[]) {
  return record.send('POST', `Patient/$${operation}`, parameters(...parameter))
}

test('people are counted over HTTP with what each search finds, also for one person, which says why they are in or not', async () => {
  const men = {
    name: 'search',
    part: [
      { name: 'query', valueString: 'Patient?gender=male' },
      { name: 'name', valueString: 'men' },
    ],
  }
  const tree = { name: 'all', part: [men, { name: 'none', part: [search('Task?status=requested')] }] }
  expect((await ask('count', tree)).json.parameter).toEqual([
    { name: 'complete', valueBoolean: true },
    { name: 'count', valueInteger: 1 },
    {
      name: 'search',
      part: [
        { name: 'name', valueString: 'men' },
        { name: 'query', valueString: 'Patient?gender=male' },
        { name: 'count', valueInteger: 2 },
      ],
    },
    {
      name: 'search',
      part: [
        { name: 'query', valueString: 'Task?status=requested' },
        { name: 'count', valueInteger: 1 },
      ],
    },
  ])
  const ben = await ask('count', tree, { name: 'patient', valueReference: { reference: 'Patient/ben' } })
  const counts = ben.json.parameter.map((one: Answered) => one.valueInteger ?? one.part?.at(-1).valueInteger)
  expect(counts).toEqual([undefined, 0, 1, 1])
  const { json } = await ask('tally', search('Patient?gender=male'), {
    name: 'measure',
    part: [
      { name: 'query', valueString: 'Task?status=requested' },
      { name: 'date', valueString: 'authored-on' },
    ],
  })
  const told = json.parameter.map(({ part }: Answered) =>
    part.map((one: Answered) => one.valueString ?? one.valueReference.reference),
  )
  await record.send('PUT', 'CarePlan/plan', {
    resourceType: 'CarePlan',
    id: 'plan',
    status: 'active',
    intent: 'plan',
    subject: { reference: 'Patient/ana' },
    activity: ['2026-01-01', '2026-03-01'].map((start) => ({
      detail: { status: 'scheduled', scheduledPeriod: { start, end: start } },
    })),
  })
  const plans = await ask(
    'tally',
    { name: 'patient', valueReference: { reference: 'Patient/ana' } },
    {
      name: 'measure',
      part: [
        { name: 'query', valueString: 'CarePlan?status=active' },
        { name: 'date', valueString: 'activity-date' },
      ],
    },
  )
  const [from, until] = [Date.parse('2026-01-01'), Date.parse('2026-03-02') - 1]
  expect(plans.json.parameter[0].part[1].valueString).toBe(`1,${from},${until}`)
  const ms = Date.parse('2026-01-02')
  expect(told).toEqual([
    ['Patient/ben', `1,${ms},${ms}`],
    ['Patient/cem', '0,,'],
  ])
})

test('with a waiting time, what is known by then is told, and the rest when it is asked again', async () => {
  const entry = Array.from({ length: 4000 }, (_one, at) => ({
    resource: { resourceType: 'Patient', id: `many-${at}`, name: [{ family: `x${at}` }] },
    request: { method: 'PUT', url: `Patient/many-${at}` },
  }))
  expect((await record.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(
    200,
  )
  const asked = Array.from({ length: 40 }, (_one, at) => search(`Patient?family:contains=${at}`))
  const first = await ask('count', { name: 'any', part: asked }, { name: 'wait', valueInteger: 1 })
  expect(first.json.parameter[0]).toEqual({ name: 'complete', valueBoolean: false })
  expect(first.json.parameter.some((one: Answered) => one.name === 'count')).toBe(false)
  const whole = await ask('count', { name: 'any', part: asked })
  expect(whole.json.parameter.slice(0, 2)).toEqual([
    { name: 'complete', valueBoolean: true },
    { name: 'count', valueInteger: 4000 },
  ])
  expect(whole.json.parameter).toHaveLength(42)
  const again = await ask('count', { name: 'any', part: asked }, { name: 'wait', valueInteger: 5000 })
  expect(again.json).toEqual(whole.json)
})

test('questions wait for each other; too many at once are refused in words, and those unanswered at the end are told so', async () => {
  const counter = new Counter({
    file: path.join(record.folder, 'record', 'openward.sqlite'),
    base: record.base,
  })
  const body = JSON.stringify(parameters(search('Patient?gender=male')))
  const asked = Array.from({ length: 60 }, () => counter.ask({ operation: 'count', body }))
  const statuses = (await Promise.all(asked)).map((answer) => answer.status)
  expect(statuses).toEqual([
    ...Array.from({ length: 51 }, () => 200),
    ...Array.from({ length: 9 }, () => 429),
  ])
  const unanswered = [counter.ask({ operation: 'count', body }), counter.ask({ operation: 'count', body })]
  await counter.stop()
  expect((await Promise.all(unanswered)).map((answer) => answer.status)).toEqual([503, 503])
  expect((await counter.ask({ operation: 'count', body })).status).toBe(200)
  await counter.stop()
})

test('a question that breaks the thread is answered as a fault, and the next one by a new thread', async () => {
  const file = path.join(record.folder, 'not-there.sqlite')
  const counter = new Counter({ file, base: record.base })
  const asked = [
    counter.ask({ operation: 'count', body: '{}' }),
    counter.ask({ operation: 'count', body: '{}' }),
  ]
  expect((await Promise.all(asked)).map((answer) => answer.status)).toEqual([500, 500])
  copyFileSync(path.join(record.folder, 'record', 'openward.sqlite'), file)
  const body = JSON.stringify(parameters())
  expect((await counter.ask({ operation: 'count', body })).status).toBe(200)
  await counter.stop()
})

test('what is no question about people is refused in words', async () => {
  let nested: object = search('Patient?gender=male')
  for (let depth = 0; depth < 9; depth++) nested = { name: 'all', part: [nested] }
  const measure = { name: 'measure', valueString: 'Task' }
  const refused: [string, object[]][] = [
    ['count', [{ name: 'other', part: [] }]],
    ['count', [search('Robot?x=1')]],
    ['count', [search('Organization?name=x')]],
    ['count', [search('Patient?_sort=name')]],
    ['count', [search('Patient?colour=red')]],
    ['count', [search('Observation?value-quantity=lots')]],
    ['count', [{ name: 'search' }]],
    ['count', [{ name: 'all', valueString: 'Patient' }]],
    ['count', [nested]],
    ['count', Array.from({ length: 51 }, () => search('Patient'))],
    ['count', [{ name: 'wait', valueInteger: 0 }]],
    ['count', [{ name: 'wait', valueString: 'long' }]],
    ['count', [measure]],
    ['count', [{ name: 'patient', valueReference: { reference: 'Task/t' } }]],
    [
      'count',
      [
        {
          name: 'search',
          part: [
            { name: 'query', valueString: 'Task' },
            { name: 'minimum', valueInteger: 0 },
          ],
        },
      ],
    ],
    [
      'count',
      [
        {
          name: 'search',
          part: [
            { name: 'query', valueString: 'Patient' },
            { name: 'minimum', valueInteger: 2 },
          ],
        },
      ],
    ],
    [
      'count',
      [
        {
          name: 'search',
          part: [
            { name: 'query', valueString: 'Task' },
            { name: 'by', valueString: 'status' },
          ],
        },
      ],
    ],
    [
      'count',
      [
        {
          name: 'search',
          part: [
            { name: 'query', valueString: 'Task' },
            { name: 'date', valueString: 'status' },
          ],
        },
      ],
    ],
    [
      'count',
      [
        {
          name: 'search',
          part: [
            { name: 'query', valueString: 'Task' },
            { name: 'x', valueString: 'y' },
          ],
        },
      ],
    ],
    [
      'count',
      [
        {
          name: 'search',
          part: [
            { name: 'query', valueString: 'Task' },
            { name: 'latest', valueString: 'Goal' },
          ],
        },
      ],
    ],
    [
      'count',
      [
        {
          name: 'search',
          part: [
            { name: 'query', valueString: 'Patient' },
            { name: 'latest', valueString: 'Patient' },
          ],
        },
      ],
    ],
    ['select', [{ name: '_sort', valueString: 'colour' }]],
    ['select', [{ name: '_count', valueInteger: 0 }]],
    ['select', [{ name: '_cursor', valueString: 'W10' }]],
    ['tally', []],
    ['tally', Array.from({ length: 31 }, () => measure)],
    [
      'tally',
      Array.from({ length: 5001 }, (_one, at) => ({
        name: 'patient',
        valueReference: { reference: `Patient/${at}` },
      })),
    ],
  ]
  for (const [operation, parameter] of refused) {
    const { status, json } = await ask(operation, ...parameter)
    expect([operation, parameter[0], status, json.resourceType]).toEqual([
      operation,
      parameter[0],
      400,
      'OperationOutcome',
    ])
  }
  for (const body of [
    '[',
    '{"resourceType":"Patient"}',
    '{"resourceType":"Parameters","parameter":[null]}',
    '',
  ])
    expect((await record.send('POST', 'Patient/$count', body)).status).toBe(400)
  expect((await record.send('GET', 'Patient/$count')).status).toBe(405)
  expect((await record.send('POST', 'Task/$count', parameters())).status).toBe(404)
  const { json } = await record.send('GET', 'metadata')
  const named = json.rest[0].resource.find((one: Answered) => one.type === 'Patient').operation
  for (const name of ['count', 'select', 'tally'])
    expect(named).toContainEqual({
      name,
      definition: `https://openward.example/fhir/OperationDefinition/Patient-${name}`,
    })
})

test('more people than can be told at once are refused, with the way to get them', async () => {
  const entry = Array.from({ length: 1500 }, (_one, at) => ({
    resource: { resourceType: 'Patient', id: `more-${at}` },
    request: { method: 'PUT', url: `Patient/more-${at}` },
  }))
  await record.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })
  const { status, json } = await ask('tally', { name: 'measure', valueString: 'Task' })
  expect([status, json.issue[0].details.text]).toEqual([400, expect.stringMatching(/\$select/)])
})
