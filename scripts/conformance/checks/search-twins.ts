import type { Clinic } from '../clinic.ts'
import type { SearchNeed } from './search-needs.ts'

/** Codes that nothing in the clinic has, where one of the standard's must be asked for. */
const OTHER_CODE: Readonly<Record<string, string>> = {
  active: 'false',
  class: 'IMP',
  'clinical-status': 'resolved',
  'Condition category': 'encounter-diagnosis',
  'Observation category': 'laboratory',
  status: 'entered-in-error',
  'Location status': 'suspended',
  'Questionnaire status': 'retired',
  'Group type': 'animal',
}

/** A value that finds nothing. */
function otherValue(type: string, name: string, value: string, run: string): string {
  const code = OTHER_CODE[`${type} ${name}`] ?? OTHER_CODE[name]
  if (code !== undefined) return code
  if (name === 'birthdate') return '1900-01-01'
  if (/^(?:ge|lt|\d{4}-\d\d)/.test(value)) return 'lt1900-01-01'
  const reference = /^([A-Z][A-Za-z]+)\//.exec(value)?.[1]
  return reference === undefined ? `${run}-nobody` : `${reference}/${run}-nobody`
}

/**
 * For each parameter the same search with a value that nothing has: a server that passes the parameter over finds what it must not.
 */
export function twinsOf(needs: readonly SearchNeed[], { run }: Clinic): SearchNeed[] {
  const twins = new Map<string, SearchNeed>()
  for (const { type, query, finds } of needs) {
    for (const [name, value] of Object.entries(query)) {
      const key = `${type} ${name}`
      if (finds.length === 0 || name.endsWith(':missing') || twins.has(key)) continue
      const other = otherValue(type, name, [value].flat()[0] ?? '', run)
      twins.set(key, { type, query: { ...query, [name]: other }, finds: [] })
    }
  }
  return [...twins.values()]
}
