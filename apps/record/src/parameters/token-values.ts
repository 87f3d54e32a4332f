import { definitions, type SearchParam } from '../definitions/definitions.ts'
import { splitUnescaped, unescape } from './condition.ts'
import { caseless } from './token.ts'

/**
 * What is asked of a token parameter, as its index has it: plain strings without case, and codes of elements that are
 * codes without the system that the standard implies for them (`gender=http://hl7.org/fhir/administrative-gender|male`).
 */
export function tokenValues(type: string, param: SearchParam, values: string[]): string[] {
  if (param.paths.every((path) => path.type === 'string')) return values.map(caseless)
  const systems = impliedSystems(type, param)
  if (systems.size === 0) return values
  return values.map((value) => {
    const [system = '', code = ''] = splitUnescaped(value, '|')
    return code !== '' && systems.has(unescape(system)) ? code : value
  })
}

/** Value sets of systems that cannot be listed. */
const UNLISTED: ReadonlyMap<string, string[]> = new Map([
  ['http://hl7.org/fhir/ValueSet/mimetypes', ['urn:ietf:bcp:13']],
  ['http://hl7.org/fhir/ValueSet/all-languages', ['urn:ietf:bcp:47']],
])
const known = new WeakMap<SearchParam, ReadonlySet<string>>()

function impliedSystems(type: string, param: SearchParam): ReadonlySet<string> {
  const systems = known.get(param) ?? new Set(param.paths.flatMap(({ steps }) => systemsAt(type, steps)))
  known.set(param, systems)
  return systems
}

/** The code systems of the value set that the code at the end of a path must come from. */
function systemsAt(type: string, steps: SearchParam['paths'][number]['steps']): string[] {
  let current = type
  let valueSet: string | undefined
  for (const step of steps) {
    if (typeof step !== 'string') continue
    const rule = definitions.types[current]?.elements[step]
    current = rule?.type ?? ''
    valueSet = rule?.codes
  }
  if (current !== 'code' || valueSet === undefined) return []
  return UNLISTED.get(valueSet) ?? Object.keys(definitions.codes[valueSet] ?? {})
}
