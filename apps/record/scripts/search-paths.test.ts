import type { SearchParameter } from '@medplum/fhirtypes'
import { expect, test } from 'vitest'
import { definitions } from '../src/definitions/definitions.ts'
import { compileSearchParameters } from './search-paths.ts'

function compile(...parameters: object[]) {
  const made = parameters.map((one) => ({ base: ['Observation'], type: 'token', ...one }) as SearchParameter)
  return compileSearchParameters(made, definitions.types, ['Observation'], new Map()).search['Observation']
}

const code = { code: 'code', url: 'u:code', expression: 'Observation.code' }

test.each([
  [{ code: 'x', expression: 'Observation.nothing' }, 'leads nowhere'],
  [{ code: 'x', expression: 'Observation.code | Observation.value.ofType(Address)' }, 'leads nowhere'],
  [{ code: 'x', expression: 'Patient.name' }, 'no path'],
  [{ code: 'x' }, 'no path'],
])('a parameter whose path leads nowhere fails the build: %j', (parameter, words) => {
  expect(() => compile(code, parameter)).toThrow(words)
})

test('a combination of what no parameter indexes, and one whose rows could not be kept, fail the build', () => {
  const combine = (expression: string, ...components: [string, string][]) =>
    compile(
      code,
      {
        code: 'note',
        url: 'u:note',
        type: 'string',
        expression: 'Observation.component.value.ofType(string)',
      },
      {
        code: 'x',
        type: 'composite',
        expression,
        component: components.map(([definition, inner]) => ({ definition, expression: inner })),
      },
    )
  expect(combine('Observation', ['u:code', 'code'], ['u:code', 'code'])?.['x']?.composite?.parts).toEqual([
    { params: ['code', 'code'] },
  ])
  expect(() => combine('Observation', ['u:code', 'code'], ['u:none', 'status'])).toThrow('no component')
  expect(() => combine('Observation.component', ['u:note', 'value.ofType(string)'])).toThrow('cannot hold')
})
