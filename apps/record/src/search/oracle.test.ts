import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rangeOfDate } from '../fhir/dates.ts'
import { openTestStore } from '../testing/store.ts'

interface Person {
  resourceType: 'Patient'
  id: string
  name?: { family: string }[]
  gender?: string
  birthDate?: string
  generalPractitioner?: { reference: string }[]
}

const families = ['Ito', 'Itō', 'ITOH', 'Ämter', 'amt', 'Über', 'ß']
const genders = ['male', 'female', 'other']
const dates = ['1970', '1970-03', '1970-03-01', '1970-03-31', '1971-01-01', '1999-12-31', '2000']
const doctors = ['Practitioner/a', 'Practitioner/b', 'Organization/a']

const person = fc.record(
  {
    name: fc
      .subarray(families, { minLength: 1, maxLength: 2 })
      .map((list) => list.map((family) => ({ family }))),
    gender: fc.constantFrom(...genders),
    birthDate: fc.constantFrom(...dates),
    generalPractitioner: fc
      .subarray(doctors, { minLength: 1 })
      .map((list) => list.map((reference) => ({ reference }))),
  },
  { requiredKeys: [] },
)

const condition = fc.oneof(
  fc.record({
    name: fc.constantFrom('family', 'family:exact', 'family:contains'),
    values: fc.subarray([...families, 'm', 'it'], { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    name: fc.constantFrom('gender', 'gender:not'),
    values: fc.subarray(genders, { minLength: 1 }),
  }),
  fc.record({
    name: fc.constantFrom(
      'gender:missing',
      'family:missing',
      'birthdate:missing',
      'general-practitioner:missing',
    ),
    values: fc.subarray(['true', 'false'], { minLength: 1, maxLength: 1 }),
  }),
  fc.record({
    name: fc.constant('birthdate'),
    values: fc.array(
      fc
        .tuple(fc.constantFrom('', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'), fc.constantFrom(...dates))
        .map((pair) => pair.join('')),
      { minLength: 1, maxLength: 2 },
    ),
  }),
  fc.record({
    name: fc.constant('general-practitioner'),
    values: fc.subarray([...doctors, 'a', 'b'], { minLength: 1 }),
  }),
)

const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** A plain evaluation of one condition, written from the standard and not from the SQL. */
function satisfies(one: Person, name: string, value: string): boolean {
  const [code, modifier] = name.split(':')
  const found = {
    family: one.name,
    gender: one.gender,
    birthdate: one.birthDate,
    'general-practitioner': one.generalPractitioner,
  }[code ?? '']
  if (modifier === 'missing') return (found === undefined) === (value === 'true')
  if (code === 'family') {
    return (one.name ?? []).some(({ family }) =>
      modifier === 'exact'
        ? family === value
        : modifier === 'contains'
          ? fold(family).includes(fold(value))
          : fold(family).startsWith(fold(value)),
    )
  }
  if (code === 'gender') return one.gender === value
  if (code === 'general-practitioner') {
    return (one.generalPractitioner ?? []).some(
      ({ reference }) => reference === value || reference.split('/')[1] === value,
    )
  }
  const [, prefix = '', text = ''] = /^([a-z]{0,2})(.*)$/.exec(value) ?? []
  const [own, asked] = [rangeOfDate(one.birthDate ?? ''), rangeOfDate(text)]
  if (own === undefined || asked === undefined) return false
  const isInside = own.lo >= asked.lo && own.hi <= asked.hi
  switch (prefix) {
    case 'ne':
      return !isInside
    case 'gt':
      return own.hi > asked.hi
    case 'lt':
      return own.lo < asked.lo
    case 'ge':
      return own.hi >= asked.lo
    case 'le':
      return own.lo <= asked.hi
    case 'sa':
      return own.lo > asked.hi
    case 'eb':
      return own.hi < asked.lo
    default:
      return isInside
  }
}

function matches(one: Person, conditions: { name: string; values: string[] }[]): boolean {
  return conditions.every(({ name, values }) =>
    name === 'gender:not'
      ? !values.some((value) => satisfies(one, 'gender', value))
      : values.some((value) => satisfies(one, name, value)),
  )
}

test('random searches find exactly what a plain evaluation over the same resources finds, page by page', () => {
  const record = openTestStore()
  try {
    const people = fc
      .sample(person, { numRuns: 150, seed: 7 })
      .map((one, at): Person => ({ resourceType: 'Patient', id: `p${at}`, ...one }))
    for (const one of people) record.put(one)
    const sorts = fc.constantFrom(
      '',
      '_sort=birthdate',
      '_sort=-birthdate',
      '_sort=-family,gender',
      '_sort=_id',
      '_sort=-_lastUpdated',
    )
    fc.assert(
      fc.property(
        fc.array(condition, { minLength: 0, maxLength: 3 }),
        sorts,
        fc.integer({ min: 1, max: 60 }),
        (conditions, sort, count) => {
          const parts = conditions.map(
            ({ name, values }) => `${name}=${values.map(encodeURIComponent).join(',')}`,
          )
          const found = record.ids(
            `Patient?${[...parts, sort, `_count=${count}`].filter((part) => part !== '').join('&')}`,
          )
          const expected = people.filter((one) => matches(one, conditions)).map((one) => one.id)
          expect(found.toSorted()).toEqual(expected.toSorted())
        },
      ),
      { numRuns: 400 },
    )
  } finally {
    record.close()
  }
})
