import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JsonObject } from '../../fhir/json.ts'
import { OWN, profileOf, remove, save } from '../../testing/profiles.ts'
import { openTestStore, type TestStore } from '../../testing/store.ts'
import { validate } from '../validate.ts'

let record: TestStore
beforeAll(() => {
  record = openTestStore()
})
afterAll(() => record.close())

const SYSTEM = `${OWN}animals`

function codeSystem(content = 'complete') {
  return {
    resourceType: 'CodeSystem',
    id: 'animals',
    url: SYSTEM,
    status: 'active',
    content,
    concept: [
      { code: 'mammal', concept: [{ code: 'dog', concept: [{ code: 'poodle' }] }, { code: 'cat' }] },
      { code: 'eel', property: [{ code: 'parent', valueCode: 'fish' }] },
      { code: 'fish' },
    ],
  }
}

function valueSet(id: string, compose: object, more: object = {}) {
  return { resourceType: 'ValueSet', id, url: OWN + id, status: 'active', compose, ...more }
}

function bound(valueSetUrl: string, id = 'bound') {
  const binding = { strength: 'required', valueSet: valueSetUrl }
  return profileOf(id, 'Observation', [['Observation.code', { binding }]])
}

/** Does the record store an Observation with that code under a profile that is bound to the value set? */
function isTaken(code: string, system = SYSTEM, profile = 'bound'): boolean {
  const resource = {
    resourceType: 'Observation',
    meta: { profile: [OWN + profile] },
    status: 'final',
    code: { coding: [{ system, code }] },
  }
  return save(record, resource) === undefined
}

const include = (more: object) => ({ include: [{ system: SYSTEM, ...more }] })
const filter = (op: string, value: string) => include({ filter: [{ property: 'concept', op, value }] })

test.each([
  ['listed concepts', include({ concept: [{ code: 'dog' }] }), ['dog'], ['cat', 'unicorn']],
  ['a whole code system', include({}), ['dog', 'eel'], ['unicorn']],
  ['what is a mammal', filter('is-a', 'mammal'), ['mammal', 'dog', 'poodle'], ['eel', 'unicorn']],
  ['what is below a dog', filter('descendent-of', 'dog'), ['poodle'], ['dog', 'mammal']],
  ['what is below by its parent property', filter('is-a', 'fish'), ['eel', 'fish'], ['dog']],
  ['what is no mammal', filter('is-not-a', 'mammal'), ['eel'], ['dog', 'mammal']],
  [
    'all but some',
    { ...include({}), exclude: [{ system: SYSTEM, concept: [{ code: 'cat' }] }] },
    ['dog'],
    ['cat'],
  ],
  ['another value set', { include: [{ valueSet: [`${OWN}inner`] }] }, ['cat'], ['dog']],
  [
    'what is in all of several value sets',
    { include: [{ valueSet: [`${OWN}inner`, `${OWN}outer`] }] },
    ['cat'],
    ['eel'],
  ],
  [
    'what a filter that is not known may mean, of the codes that there are',
    filter('regex', '.*'),
    ['dog'],
    ['unicorn'],
  ],
])('a required binding takes %s', (_what, compose, good, bad) => {
  save(record, codeSystem())
  save(record, valueSet('inner', include({ concept: [{ code: 'cat' }, { code: 'eel' }] })))
  save(record, valueSet('outer', filter('is-a', 'mammal')))
  save(record, valueSet('set', compose))
  save(record, bound(`${OWN}set`))
  expect(good.filter((code) => !isTaken(code))).toEqual([])
  expect(bad.filter((code) => isTaken(code))).toEqual([])
  expect(isTaken(good[0] ?? '', 'urn:elsewhere')).toBe(false)
})

test('a code system that is not complete is no reason to refuse, and $validate says that it could not tell', () => {
  save(record, codeSystem('fragment'))
  save(record, valueSet('set', include({})))
  save(record, bound(`${OWN}set`))
  expect(isTaken('unicorn')).toBe(true)
  const coding = [{ system: SYSTEM, code: 'unicorn' }]
  const resource = {
    resourceType: 'Observation',
    meta: { profile: [`${OWN}bound`] },
    status: 'final',
    code: { coding },
  }
  expect(validate(resource as JsonObject, record.store)).toEqual({
    errors: [],
    gaps: [`The value set ${OWN}set is not known here, or cannot be listed.`],
  })
})

test('an expansion counts where a value set has nothing else', () => {
  const expansion = {
    timestamp: '2026-01-01',
    contains: [{ system: SYSTEM, code: 'dog', contains: [{ system: SYSTEM, code: 'poodle' }] }],
  }
  save(record, valueSet('expanded', {}, { compose: undefined, expansion }))
  save(record, bound(`${OWN}expanded`))
  expect([isTaken('poodle'), isTaken('cat')]).toEqual([true, false])
})

test('value sets that include each other end no write', () => {
  save(record, valueSet('ring-a', { include: [{ valueSet: [`${OWN}ring-b`] }] }))
  save(record, valueSet('ring-b', { include: [{ valueSet: [`${OWN}ring-a`] }] }))
  save(record, bound(`${OWN}ring-a`))
  expect(isTaken('dog')).toBe(true)
})

test('value sets that multiply at each step end no write, and what they say of a code still counts', () => {
  const many = Array.from({ length: 30 }, () => ({ valueSet: [`${OWN}fan`, `${OWN}fan`] }))
  save(record, codeSystem())
  save(record, valueSet('fan', { include: many }))
  save(record, bound(`${OWN}fan`))
  expect(isTaken('unicorn')).toBe(true)
  for (let at = 0; at < 8; at++) {
    const next = Array.from({ length: 30 }, () => ({ valueSet: [`${OWN}step-${at + 1}`] }))
    save(record, valueSet(`step-${at}`, { include: next }))
  }
  save(record, valueSet('step-8', include({ concept: [{ code: 'dog' }] })))
  save(record, bound(`${OWN}step-0`))
  expect([isTaken('dog'), isTaken('cat')]).toEqual([true, false])
})

test('a value set of very many parts is no reason to refuse', () => {
  const parts = Array.from({ length: 2000 }, (_, at) => ({ system: SYSTEM, concept: [{ code: `c${at}` }] }))
  save(record, valueSet('parts', { include: parts }))
  save(record, bound(`${OWN}parts`))
  expect([isTaken('c5'), isTaken('unicorn')]).toEqual([true, true])
})

test("the standard's own value sets are known, those of older code systems too, and a stored one takes their place", () => {
  const url = 'http://hl7.org/fhir/ValueSet/marital-status'
  save(record, bound(`${url}|4.0.1`))
  const v3 = 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus'
  expect([isTaken('M', v3), isTaken('Q', v3)]).toEqual([true, false])
  const compose = { include: [{ system: v3, concept: [{ code: 'Q' }] }] }
  save(record, { ...valueSet('own-marital', compose), url, version: '4.0.1' })
  expect([isTaken('M', v3), isTaken('Q', v3)]).toEqual([false, true])
  remove(record, 'ValueSet', 'own-marital')
  expect([isTaken('M', v3), isTaken('Q', v3)]).toEqual([true, false])
})
