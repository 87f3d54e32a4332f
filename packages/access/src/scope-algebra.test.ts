import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  conditionsOf,
  coversScope,
  intersectScopes,
  parseScope,
  printScope,
  requireScope,
  type Scope,
  type ScopeAction,
  type ScopeContext,
} from './scopes.ts'

/** One thing that somebody wants to do: the least that a scope must allow for it. */
type Deed = {
  context: ScopeContext
  type: string
  action: ScopeAction
  has: Record<string, readonly string[]>
}

const CONTEXTS = ['patient', 'user', 'system'] as const
const ACTIONS = ['c', 'r', 'u', 'd', 's'] as const
const NAMES = ['category', 'status'] as const
const VALUES = ['a', 'b', 'x|c'] as const

/** What a scope means, said plainly: the standard's words, one after the other. */
function allows(scope: Scope, deed: Deed): boolean {
  const reach = CONTEXTS.indexOf(deed.context) <= CONTEXTS.indexOf(scope.context)
  const isOfType = scope.type === '*' || scope.type === deed.type
  const conditions = (scope.query ?? '').split('&').filter(Boolean)
  const fulfilled = conditions.every((one) => {
    const [name = '', values = ''] = one.split('=')
    return values.split(',').some((value) => deed.has[name]?.includes(value) === true)
  })
  return reach && isOfType && scope.actions.includes(deed.action) && fulfilled
}

const condition = fc
  .tuple(fc.constantFrom(...NAMES), fc.subarray([...VALUES], { minLength: 1 }))
  .map(([name, values]) => `${name}=${values.join(',')}`)
const scope: fc.Arbitrary<Scope> = fc
  .record({
    context: fc.constantFrom(...CONTEXTS),
    type: fc.constantFrom('Observation' as const, 'Patient' as const, '*' as const),
    actions: fc.subarray([...ACTIONS], { minLength: 1 }),
    query: fc.option(
      fc.array(condition, { minLength: 1, maxLength: 3 }).map((all) => all.join('&')),
      { nil: undefined },
    ),
  })
  .map(({ query, ...rest }) => (query === undefined ? rest : { ...rest, query }))
const deed: fc.Arbitrary<Deed> = fc.record({
  context: fc.constantFrom(...CONTEXTS),
  type: fc.constantFrom('Observation', 'Patient', 'CarePlan'),
  action: fc.constantFrom(...ACTIONS),
  has: fc.record({ category: fc.subarray([...VALUES]), status: fc.subarray([...VALUES]) }),
})
const deeds = fc.array(deed, { minLength: 40, maxLength: 40 })

describe('two scopes', () => {
  test('have in common exactly what both allow, and it can be written as a scope', () => {
    fc.assert(
      fc.property(scope, scope, deeds, (a, b, all) => {
        const common = intersectScopes(a, b)
        for (const one of all)
          expect(common !== undefined && allows(common, one)).toBe(allows(a, one) && allows(b, one))
        expect(common && parseScope(printScope(common))).toEqual(common)
      }),
      { numRuns: 1000 },
    )
  })

  test('cover each other only where nothing more is allowed by the covered one', () => {
    let covered = 0
    fc.assert(
      fc.property(scope, scope, deeds, (a, b, all) => {
        const isCovered = coversScope(a, b)
        covered += Number(isCovered)
        expect(isCovered && all.some((one) => allows(b, one) && !allows(a, one))).toBe(false)
      }),
      { numRuns: 3000 },
    )
    expect(covered).toBeGreaterThan(10)
  })

  test('cover what they have in common, and themselves', () => {
    fc.assert(
      fc.property(scope, scope, (a, b) => {
        const common = intersectScopes(a, b)
        expect(coversScope(a, a)).toBe(true)
        expect(common === undefined || (coversScope(a, common) && coversScope(b, common))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

test.each([
  ['user/*.cruds', 'patient/Observation.rs', 'patient/Observation.rs'],
  ['user/Observation.rs', 'user/*.s?category=vital-signs', 'user/Observation.s?category=vital-signs'],
  [
    'user/Observation.rs?status=final',
    'user/Observation.r?category=a,b',
    'user/Observation.r?category=a,b&status=final',
  ],
  ['user/Observation.rs', 'user/Patient.rs', undefined],
  ['user/Observation.c', 'user/Observation.rs', undefined],
])('%s and %s have %s in common', (a, b, common) => {
  const left = intersectScopes(requireScope(a), requireScope(b))
  expect(left && printScope(left)).toBe(common)
})

test.each(['category=', '=x', 'category', Array.from({ length: 21 }, () => 'a=b').join('&')])(
  'the query %j says nothing clear and grants nothing',
  (query) => {
    expect(conditionsOf({ query })).toBeUndefined()
    const unclear: Scope = { ...requireScope('user/Observation.rs'), query }
    expect(intersectScopes(unclear, requireScope('user/*.cruds'))).toBeUndefined()
    expect(coversScope(unclear, requireScope('user/Observation.rs'))).toBe(false)
    expect(coversScope(requireScope('user/*.cruds'), unclear)).toBe(false)
  },
)
