import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readExportQuestion } from '../bulk/export-question.ts'
import { Refusal } from '../fhir/outcome.ts'
import { startTestRecord, type TestRecord } from '../testing/record.ts'

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord()
  await record.send('PUT', 'Patient/a', { resourceType: 'Patient', id: 'a' })
})
afterAll(() => record.stop())

const NAMES =
  'all any none search patient measure wait _count _sort _cursor query minimum by date latest name _type _since start end __proto__ x'
const name = fc.constantFrom(...NAMES.split(' '))
const text = fc.oneof(
  fc.constantFrom(
    'Patient',
    'Patient?gender=male',
    'Condition?code=a',
    'Task?',
    '?',
    'Robot?x',
    'Patient/a',
    '-birthdate',
    'W10',
  ),
  fc.constantFrom(
    'Observation?value-quantity=gt1&date=ge2020',
    'Patient?_has:Task:patient:status=x',
    '2020-01-01',
    '5',
    '0',
  ),
  fc.constantFrom(
    'Observation?code:in=x',
    'Patient?_id=',
    'List?_list=x',
    `Patient?_id=${'a,'.repeat(3000)}a`,
    'Patient?name=%zz',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
)
const value = fc.oneof(
  text.map((valueString) => ({ valueString })),
  text.map((reference) => ({ valueReference: { reference } })),
  fc.oneof(fc.integer(), fc.double()).map((valueInteger) => ({ valueInteger })),
  fc.jsonValue({ maxDepth: 2 }).map((valueAny) => ({ valueAny })),
)
const { parameter } = fc.letrec<{ parameter: object }>((tie) => ({
  parameter: fc.oneof(
    { maxDepth: 4 },
    fc.tuple(name, value).map(([own, more]) => ({ name: own, ...more })),
    fc.record({ name, part: fc.array(tie('parameter'), { maxLength: 3 }) }),
    fc.jsonValue({ maxDepth: 2 }).map((one) => one as object),
  ),
}))

test('no parameters of an operation, however made, end in a server error', async () => {
  const operations = [
    'Patient/$count',
    'Patient/$select',
    'Patient/$tally',
    'Patient/a/$everything',
    'Slot/$find-busy',
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...operations),
      fc.array(parameter, { maxLength: 4 }),
      async (address, list) => {
        const { status } = await record.send('POST', address, { resourceType: 'Parameters', parameter: list })
        expect([200, 400]).toContain(status)
      },
    ),
    { numRuns: 500 },
  )
})

test('no parameters of an export, however made, are anything but a question or a refusal', () => {
  const pairs = fc.array(
    fc.tuple(fc.constantFrom('_type', '_since', '_until', '_elements', '_typeFilter', 'patient'), text),
    {
      maxLength: 4,
    },
  )
  fc.assert(
    fc.property(fc.constantFrom('system', 'patient', 'group'), pairs, (level, list) => {
      let question: unknown
      try {
        question = readExportQuestion(level, list, record.base, false)
      } catch (error) {
        question = error
      }
      expect(question instanceof Refusal || !(question instanceof Error)).toBe(true)
    }),
  )
})
