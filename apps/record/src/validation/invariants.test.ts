import { expect, test } from 'vitest'
import { definitions } from '../definitions/definitions.ts'
import type { JsonObject } from '../fhir/json.ts'
import { FOR_LONG_LISTS } from './invariants-of-long-lists.ts'
import { parseExpression, prepareExpression } from './invariants.ts'

const item = (more: object) => ({ linkId: '1', type: 'string', ...more })
const element = (more: object) => ({ id: 'X.y', path: 'X.y', ...more })

/** Values of which each invariant holds for some and not for others. */
const values: Record<string, object[]> = {
  Bundle: ['batch', 'transaction-response', 'history', 'searchset', 'collection'].flatMap((type) => [
    { resourceType: 'Bundle', type },
    ...[
      {},
      { request: { url: 'x' } },
      { response: { status: '200' } },
      { request: { url: 'x' }, response: { status: '200' } },
      { search: { mode: 'match' } },
    ].map((more) => ({ resourceType: 'Bundle', type, entry: [{ fullUrl: 'urn:x', ...more }] })),
  ]),
  'Bundle.entry': [
    { fullUrl: 'http://x.example/Patient/1' },
    { fullUrl: 'http://x.example/Patient/1/_history/1', resource: { resourceType: 'Patient' } },
    { request: { url: 'x' } },
    { response: { status: '200' } },
  ],
  'Questionnaire.item': ['display', 'group', 'string', 'choice', 'boolean', 'url'].flatMap((type) => [
    item({ type }),
    item({ type, code: [{ code: 'x' }] }),
    item({ type, answerValueSet: 'urn:x' }),
    item({ type, answerOption: [{ valueString: 'x' }], answerValueSet: 'urn:x' }),
    item({ type, required: true }),
    item({ type, repeats: false }),
    item({ type, readOnly: true }),
    item({ type, maxLength: 3 }),
    item({ type, initial: [{ valueString: 'x' }], answerOption: [{ valueString: 'x' }] }),
    item({ type, initial: [{ valueString: 'x' }, { valueString: 'y' }], repeats: false }),
    item({ type, initial: [{ valueString: 'x' }, { valueString: 'y' }], repeats: true }),
  ]),
  'Questionnaire.item.enableWhen': [
    { operator: 'exists', answerBoolean: true },
    { operator: 'exists', answerString: 'x' },
    { operator: '=', answerString: 'x' },
  ],
  ElementDefinition: [
    element({ min: 0, max: '1' }),
    element({ min: 2, max: '1' }),
    element({ min: 2, max: '*' }),
    element({ contentReference: '#x' }),
    element({ contentReference: '#x', type: [{ code: 'string' }] }),
    element({ contentReference: '#x', fixedString: 'x' }),
    element({ contentReference: '#x', maxLength: 2 }),
    element({ fixedString: 'x', type: [{ code: 'string' }, { code: 'code' }] }),
    element({ patternString: 'x', type: [{ code: 'string' }, { code: 'code' }] }),
    element({ patternString: 'x', fixedString: 'x' }),
    element({ binding: { strength: 'required' }, type: [{ code: 'integer' }] }),
    element({ defaultValueString: 'x', meaningWhenMissing: 'x' }),
    element({ isModifier: true }),
    element({ isModifier: true, isModifierReason: 'x' }),
    element({ isModifier: false }),
    element({ sliceIsConstraining: true }),
    element({ sliceIsConstraining: true, sliceName: 'x' }),
  ],
  'ElementDefinition.slicing': [{ rules: 'open' }, { rules: 'open', description: 'x' }],
  'ElementDefinition.type': ['Reference', 'canonical', 'string'].flatMap((code) => [
    { code },
    { code, targetProfile: ['urn:x'] },
    { code, aggregation: ['bundled'] },
  ]),
  'StructureDefinition.snapshot': [
    { element: [element({ definition: 'x', min: 0, max: '1' })] },
    { element: [element({ definition: 'x', min: 0, max: '1', base: { path: 'x' } }), element({})] },
  ],
}

test.each(Object.keys(FOR_LONG_LISTS))('%s is decided by hand as by its expression', (key) => {
  const [typeName, type] =
    Object.entries(definitions.types).find(([, one]) => one.invariants?.some((each) => each.key === key)) ??
    []
  const expression = type?.invariants?.find((each) => each.key === key)?.expression ?? ''
  const atom = parseExpression(expression)
  const samples = values[typeName ?? ''] ?? []
  expect(samples.length).toBeGreaterThan(0)
  expect(atom).toBeDefined()
  if (atom === undefined) return
  const holds = prepareExpression(atom, expression, typeName ?? '')
  for (const value of samples as JsonObject[]) {
    const root = { resource: value, path: '', links: new Set<string>(), pointingBack: new Set<JsonObject>() }
    expect([FOR_LONG_LISTS[key]?.(value), value]).toEqual([holds(value, { resource: value, root }), value])
  }
})
