import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { parseScope, printScope, type Scope, type ScopeAction } from './scopes.ts'

const actions = fc
  .subarray<ScopeAction>(['c', 'r', 'u', 'd', 's'], { minLength: 1 })
  .map((chosen) => (['c', 'r', 'u', 'd', 's'] as const).filter((action) => chosen.includes(action)))
const query = fc.option(
  fc.constantFrom(
    'category=vital-signs',
    'category=http://terminology.hl7.org/CodeSystem/x|y',
    '_id=1&status=final',
  ),
  { nil: undefined },
)
const scope: fc.Arbitrary<Scope> = fc
  .record({
    context: fc.constantFrom('patient' as const, 'user' as const, 'system' as const),
    type: fc.constantFrom('Observation' as const, 'Patient' as const, 'CarePlan' as const, '*' as const),
    actions,
    query,
  })
  .map(({ query: text, ...rest }) => (text === undefined ? rest : { ...rest, query: text }))

describe('SMART v2 scopes', () => {
  test('every scope that is written can be read again as the same scope', () => {
    fc.assert(
      fc.property(scope, (one) => {
        expect(parseScope(printScope(one))).toEqual(one)
      }),
    )
  })

  test('whatever is read is written again letter by letter', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseScope(text)
        expect(parsed ? printScope(parsed) : text).toBe(text)
      }),
    )
  })

  test.each([
    'patient/Observation.read',
    'patient/Observation.*',
    'patient/Observation.',
    'patient/Observation.sr',
    'patient/Observation.rr',
    'patient/observation.r',
    'clinician/Observation.r',
    'patient/Observation.rs?',
    'patient/Observation.rs?a b',
    ' patient/Observation.rs',
    'patient/Observation.rs\n',
    'openid',
    '',
  ])('refuses %j, which is not of version 2', (text) => {
    expect(parseScope(text)).toBeUndefined()
  })

  test('a hostile text of 100,000 characters is refused like any other', () => {
    expect(parseScope(`patient/${'A'.repeat(100_000)}.rs`)).toBeUndefined()
    expect(parseScope(`patient/Patient.rs?${'a='.repeat(50_000)}`)).toBeUndefined()
  })
})
