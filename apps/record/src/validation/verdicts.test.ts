import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseBody } from '../fhir/json.ts'
import { Refusal } from '../fhir/outcome.ts'
import { readExamples } from '../testing/examples.ts'
import { readShared } from '../testing/shared-texts.ts'
import { openTestStore, type TestStore } from '../testing/store.ts'
import { validate } from './validate.ts'

/** One resource with the verdict of the HL7 validator. */
interface Case {
  name: string
  module: string
  errors: number
  text: string
}

const cases: Case[] = (readShared('fhir-test-cases/r4-validator-cases.ndjson.gz')?.toString('utf8') ?? '')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line))

let record: TestStore
beforeAll(() => {
  record = openTestStore()
})
afterAll(() => record.close())

function isRefused(text: string): boolean {
  try {
    return validate(parseBody(text), record.store).errors.length > 0
  } catch (error) {
    if (error instanceof Refusal) return true
    throw error
  }
}

/** Called valid, and refused here: each for a reason. */
const REFUSED_THOUGH_VALID = [
  // No FHIR resources: requests of CDS Hooks, a logical model, JSON with comments.
  /^cdshooks-/,
  /^json-prop-key$/,
  /^json-comments-[12]-yes$/,
  // A template with $words$ in the place of values.
  /^matchetype-pattern-1$/,
  // Called valid only with the rule switched off: a contained resource with an id of 65 characters that nothing refers to.
  /^contained-resource-bad-id-ignore$/,
  // A decimal written as text.
  /^cs-order-prop-r4$/,
  // A definition that is based on itself.
  /^ext-derived-circle$/,
]

test.skipIf(cases.length === 0)('of what HL7 calls valid, only what is no R4 resource is refused', () => {
  const valid = cases.filter((one) => !(one.errors > 0))
  const refused = valid.filter((one) => isRefused(one.text)).map((one) => one.name)
  expect(valid).toHaveLength(242)
  expect(refused.filter((name) => !REFUSED_THOUGH_VALID.some((known) => known.test(name)))).toEqual([])
})

/**
 * How many are caught, by kind, of all that HL7 calls invalid. The rest need terminologies, profiles and questionnaires that
 * are not in the data (wrong displays, SNOMED CT codes), or break rules of publishing that R4 itself does not have.
 */
const CAUGHT: Record<string, [least: number, of: number]> = {
  bundle: [13, 21],
  dsig: [2, 3],
  extensions: [1, 6],
  fmt: [7, 7],
  general: [17, 22],
  json5: [6, 6],
  measure: [3, 6],
  references: [4, 8],
  sd: [3, 5],
  shc: [2, 3],
  tx: [7, 28],
  xhtml: [1, 2],
}

test.skipIf(cases.length === 0)('what HL7 calls invalid is caught at least as often as ever', () => {
  const invalid = cases.filter((one) => one.errors > 0)
  const caught = invalid.filter((one) => isRefused(one.text))
  const byKind = Object.fromEntries(
    Object.keys(CAUGHT).map((kind) => [
      kind,
      [caught, invalid].map((list) => list.filter((one) => one.module === kind).length),
    ]),
  )
  for (const [kind, [least, of]] of Object.entries(CAUGHT)) {
    expect.soft(byKind[kind]?.[0], kind).toBeGreaterThanOrEqual(least)
    expect.soft(byKind[kind]?.[1], kind).toBe(of)
  }
  expect(invalid).toHaveLength(204)
  expect(caught.length).toBeGreaterThanOrEqual(74)
})

/** Examples of the standard's test cases that are not R4, or break its rules. */
const WRONG_EXAMPLES = [
  'bundle-questionnaire.json',
  'bundle-with-no-type.json',
  'codesystem-example.json',
  'devicemetric-example.json',
  'deviceusestatement-example.json',
  'explanationofbenefit-example.json',
  'medicationrequest0301.json',
  'myconsent-resource.json',
  'patient-container-example.json',
  'r4-caredove-bundle.json',
]
const examples = readExamples('fhir-test-cases/r4-examples.tar.gz')

test.skipIf(examples.length === 0)('the examples of R4 are accepted, but for those that are wrong', () => {
  const refused = examples.filter(({ resource }) => isRefused(JSON.stringify(resource)))
  expect(examples.length).toBeGreaterThanOrEqual(80)
  expect(refused.map(({ file }) => file).toSorted()).toEqual(WRONG_EXAMPLES)
})
