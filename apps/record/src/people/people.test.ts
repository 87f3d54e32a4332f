import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../testing/store.ts'
import type { Answered } from '../testing/record.ts'
import { answerPeople, type PeopleOperation } from './answers.ts'
import { PeopleEvaluator } from './evaluate.ts'

interface Person {
  id: string
  gender: string | undefined
  birthDate: string
  conditions: { code: string; status: string; date: string | undefined }[]
  visits: { status: string; with: string | undefined }[]
  isGone: boolean
}

const CODES = ['a', 'b', 'c']
const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical'
const person = fc.record({
  gender: fc.constantFrom('male', 'female', undefined),
  birthDate: fc.constantFrom('1950-05-01', '1980-01-01', '2000-12-31'),
  conditions: fc.array(
    fc.record({
      code: fc.constantFrom(...CODES),
      status: fc.constantFrom('active', 'resolved'),
      date: fc.constantFrom('2020-01-01', '2021-06-01', undefined),
    }),
    { maxLength: 4 },
  ),
  visits: fc.array(
    fc.record({
      status: fc.constantFrom('noshow', 'fulfilled'),
      with: fc.constantFrom('p0', 'p1', undefined),
    }),
    { maxLength: 3 },
  ),
  isGone: fc.constantFrom(false, false, false, false, true),
})
const people: Person[] = fc
  .sample(person, { numRuns: 80, seed: 11 })
  .map((one, at) => ({ id: `p${at}`, ...one }))

let record: TestStore
let evaluator: PeopleEvaluator
beforeAll(() => {
  record = openTestStore()
  evaluator = new PeopleEvaluator(record.store)
  for (const one of people) store(one)
  record.put({ resourceType: 'Patient', id: 'gone' })
})
afterAll(() => record.close())

function store(one: Person): void {
  const subject = { reference: `Patient/${one.id}` }
  if (!one.isGone)
    record.put({
      resourceType: 'Patient',
      id: one.id,
      birthDate: one.birthDate,
      ...(one.gender === undefined ? {} : { gender: one.gender }),
    })
  one.conditions.forEach(({ code, status, date }, at) =>
    record.put({
      resourceType: 'Condition',
      id: `${one.id}-c${at}`,
      subject,
      asserter: { reference: 'Patient/p0' },
      code: { coding: [{ system: 'urn:c', code }] },
      clinicalStatus: { coding: [{ system: CLINICAL, code: status }] },
      ...(date === undefined ? {} : { recordedDate: date }),
    }),
  )
  one.visits.forEach(({ status, with: other }, at) =>
    record.put({
      resourceType: 'Appointment',
      id: `${one.id}-v${at}`,
      status,
      start: '2024-01-01T10:00:00Z',
      participant: [
        subject,
        ...(other === undefined || other === one.id ? [] : [{ reference: `Patient/${other}` }]),
      ].map((actor) => ({ actor, status: 'accepted' })),
    }),
  )
}

type Model =
  | { kind: 'all' | 'any' | 'none'; of: Model[] }
  | {
      kind: 'search'
      query: string
      minimum: number
      latest?: string
      holds: (one: Person) => boolean | number
    }

const visitsOf = (one: Person) =>
  people.flatMap((other) => other.visits.filter((visit) => other === one || visit.with === one.id))
const leaf: fc.Arbitrary<Model> = fc.oneof(
  fc
    .constantFrom('male', 'female')
    .map((gender) => search(`Patient?gender=${gender}`, 1, (one) => one.gender === gender)),
  fc
    .constantFrom('1951', '1990')
    .map((year) => search(`Patient?birthdate=ge${year}`, 1, (one) => one.birthDate >= year)),
  fc
    .tuple(fc.subarray(CODES, { minLength: 1 }), fc.integer({ min: 1, max: 3 }))
    .map(([codes, minimum]) =>
      search(`Condition?code=${codes.join(',')}&clinical-status=active`, minimum, (one) =>
        count(one.conditions, ({ code, status }) => codes.includes(code) && status === 'active'),
      ),
    ),
  fc
    .tuple(fc.constantFrom('2020', '2021'), fc.integer({ min: 1, max: 2 }))
    .map(([year, minimum]) =>
      search(`Condition?recorded-date=${year}`, minimum, (one) =>
        count(one.conditions, ({ date }) => date?.startsWith(year) === true),
      ),
    ),
  fc
    .tuple(fc.constantFrom('noshow', 'fulfilled'), fc.integer({ min: 1, max: 3 }))
    .map(([status, minimum]) =>
      search(`Appointment?status=${status}`, minimum, (one) =>
        count(visitsOf(one), (visit) => visit.status === status),
      ),
    ),
  fc
    .tuple(fc.subarray(CODES, { minLength: 1 }), fc.constantFrom('active', 'resolved'))
    .map(([codes, status]) => ({
      ...search(`Condition?clinical-status=${status}`, 1, (one) => {
        const asked = one.conditions.filter(({ code }) => codes.includes(code))
        // Without a date oldest; of several on a day, the one that was stored last.
        const newest = asked.reduce<(typeof asked)[number] | undefined>(
          (best, each) => ((each.date ?? '') >= (best?.date ?? '') ? each : best),
          undefined,
        )
        return newest?.status === status
      }),
      latest: `Condition?code=${codes.join(',')}`,
    })),
  fc.constant(search('Condition', 2, (one) => one.conditions.length)),
  fc
    .constantFrom(...CODES)
    .map((code) =>
      search(`Patient?_has:Condition:subject:code=${code}`, 1, (one) =>
        one.conditions.some((each) => each.code === code),
      ),
    ),
)
const { tree } = fc.letrec<{ tree: Model }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium', maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constantFrom('all', 'any', 'none'), of: fc.array(tie('tree'), { maxLength: 3 }) }),
  ),
}))

function search(query: string, minimum: number, holds: (one: Person) => boolean | number): Model {
  return { kind: 'search', query, minimum, holds }
}

function count<T>(list: T[], holds: (one: T) => boolean): number {
  return list.filter(holds).length
}

function matches(model: Model, one: Person): boolean {
  if (model.kind === 'search') return Number(model.holds(one)) >= model.minimum
  const found = model.of.map((part) => matches(part, one))
  return model.kind === 'all'
    ? found.every(Boolean)
    : model.kind === 'any'
      ? found.some(Boolean)
      : !found.some(Boolean)
}

function parameterOf(model: Model): object {
  if (model.kind !== 'search') return { name: model.kind, part: model.of.map(parameterOf) }
  const { query, minimum, latest } = model
  if (latest !== undefined) {
    const part = [
      { name: 'query', valueString: query },
      { name: 'latest', valueString: latest },
    ]
    return { name: 'search', part }
  }
  if (minimum === 1) return { name: 'search', valueString: query }
  return {
    name: 'search',
    part: [
      { name: 'query', valueString: query },
      { name: 'minimum', valueInteger: minimum },
    ],
  }
}

const nameThem = (ids: readonly string[]) =>
  ids.map((id) => ({ name: 'patient', valueReference: { reference: `Patient/${id}` } }))

function ask(operation: PeopleOperation, parameter: object[], of = evaluator): Answered {
  const body = JSON.stringify({ resourceType: 'Parameters', parameter })
  return JSON.parse(answerPeople(record.store, of, operation, body, () => undefined))
}

const value = (answer: Answered, name: string) => {
  const found = answer.parameter.find((one: Answered) => one.name === name)
  return found?.valueInteger ?? found?.valueString
}

function selected(parameter: object[], size: number): string[] {
  const ids: string[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const place = cursor === '' ? [] : [{ name: '_cursor', valueString: cursor }]
    const page = ask('select', [...parameter, ...place, { name: '_count', valueInteger: size }])
    const found = page.parameter.filter((one: Answered) => one.name === 'patient')
    ids.push(...found.map((one: Answered) => one.valueReference.reference.slice('Patient/'.length)))
    cursor = value(page, 'next')
  }
  return ids
}

test('random trees count and select exactly the people that a plain evaluation over the same resources finds, of all or of some', () => {
  const some = fc.option(
    fc.subarray(
      people.map((one) => one.id),
      { minLength: 1 },
    ),
    { nil: undefined },
  )
  fc.assert(
    fc.property(tree, some, fc.boolean(), fc.integer({ min: 1, max: 50 }), (model, among, isFresh, size) => {
      const expected = people
        .filter((one) => !one.isGone && among?.includes(one.id) !== false && matches(model, one))
        .map((one) => one.id)
      // Everybody who is stored, of whom nothing is known.
      if (among === undefined && matches(model, NOBODY)) expected.push('gone')
      const parameter = [parameterOf(model), ...nameThem(among ?? [])]
      const counted = ask('count', parameter, isFresh ? new PeopleEvaluator(record.store) : evaluator)
      expect(value(counted, 'count')).toBe(expected.length)
      expect(selected(parameter, size).toSorted()).toEqual(expected.toSorted())
    }),
    { numRuns: 300 },
  )
})

const NOBODY: Person = {
  id: 'gone',
  gender: undefined,
  birthDate: '',
  conditions: [],
  visits: [],
  isGone: false,
}

test('tallies of random people are their own counts and first and last dates', () => {
  const known = people.filter((one) => !one.isGone).map((one) => one.id)
  const dates = (one: Person) =>
    one.conditions.flatMap(({ date }) => (date === undefined ? [] : [Date.parse(date)]))
  fc.assert(
    fc.property(fc.subarray(known, { minLength: 1 }), fc.constantFrom(...CODES), (ids, code) => {
      const answer = ask('tally', [
        ...nameThem(ids),
        { name: 'measure', valueString: `Condition?code=${code}` },
        {
          name: 'measure',
          part: [
            { name: 'query', valueString: 'Condition' },
            { name: 'date', valueString: 'recorded-date' },
          ],
        },
        { name: 'measure', valueString: 'Patient?gender=female' },
      ])
      const told = new Map(
        answer.parameter.map(({ part }: Answered) => [
          part[0].valueReference.reference.slice(8),
          part[1].valueString,
        ]),
      )
      const expected = people
        .filter((one) => ids.includes(one.id))
        .map((one): [string, string] => {
          const own = { ...one, conditions: one.conditions.filter((each) => each.code === code) }
          const all = [own, one].map((each) => {
            const times = dates(each)
            const [oldest, newest] = times.length === 0 ? ['', ''] : [Math.min(...times), Math.max(...times)]
            return `${each.conditions.length},${oldest},${newest}`
          })
          return [one.id, [...all, one.gender === 'female' ? '1,,' : '0,,'].join(';')]
        })
      // A date parameter's last moment is the end of the day.
      const days = (text: string) =>
        text.replaceAll(/\d{10,}/g, (ms) => String(Math.floor(Number(ms) / 86_400_000)))
      expect(new Map(Array.from(told, ([id, text]) => [id, days(String(text))]))).toEqual(
        new Map(expected.map(([id, text]) => [id, days(text)])),
      )
    }),
    { numRuns: 60 },
  )
})

test('selected people come in the order asked, pages whole', () => {
  const known = people.filter((one) => !one.isGone)
  const born = new Map(known.map((one) => [one.id, one.birthDate]))
  for (const [sort, sign] of [
    ['birthdate', 1],
    ['-birthdate', -1],
  ] as const) {
    const ids = selected(
      [
        { name: 'search', valueString: 'Patient?birthdate:missing=false' },
        { name: '_sort', valueString: sort },
      ],
      7,
    )
    expect(ids).toHaveLength(known.length)
    const dates = ids.map((id) => born.get(id) ?? '')
    expect(dates).toEqual(dates.toSorted((a, b) => sign * a.localeCompare(b)))
  }
  const byId = selected([], 9)
  expect(byId).toEqual(byId.toSorted())
})

test('what changes is seen at the next question, in what is kept from the one before, too', () => {
  const asked = [{ name: 'search', valueString: 'Condition?code=z' }]
  const chain = [{ name: 'search', valueString: 'Condition?asserter:Practitioner.name=Z' }]
  const counts = () => [value(ask('count', asked), 'count'), value(ask('count', chain), 'count')]
  expect(counts()).toEqual([0, 0])
  const condition = (id: string, who: string) => ({
    resourceType: 'Condition',
    id,
    subject: { reference: `Patient/${who}` },
    asserter: { reference: 'Practitioner/z' },
    code: { coding: [{ code: 'z' }] },
  })
  record.put(condition('z1', 'gone'))
  record.put(condition('z2', 'gone'))
  expect(counts()).toEqual([1, 0])
  record.put({ resourceType: 'Practitioner', id: 'z', name: [{ family: 'Z' }] })
  expect(counts()).toEqual([1, 1])
  record.put(condition('z3', 'not-yet'))
  expect(counts()).toEqual([1, 1])
  record.put({ resourceType: 'Patient', id: 'not-yet' })
  expect(counts()).toEqual([2, 2])
  for (const id of ['z1', 'z2']) record.put({ ...condition(id, 'gone'), code: { text: 'no longer' } })
  record.put({ resourceType: 'Practitioner', id: 'z', name: [{ family: 'Y' }] })
  expect(counts()).toEqual([1, 0])
})
