import { definitions } from '../definitions/definitions.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import { parseLocalReference } from '../fhir/references.ts'
import { readCriteria } from '../operations/criteria.ts'
import { readInstant, readTypes, unknownParameter } from '../operations/parameters.ts'

/** What an export is to hold. */
export interface ExportQuestion {
  level: 'system' | 'patient' | 'group'
  group?: string
  types?: string[]
  sinceMs?: number
  untilMs?: number
  /** Type → elements to keep; `*` for every type. */
  elements?: Record<string, string[]>
  /** Searches such as `Observation?status=final`: of such a type, what one of them finds. */
  filters?: string[]
  /** Ids: only these persons. */
  patients?: string[]
}

const FORMATS = new Set(['application/fhir+ndjson', 'application/ndjson', 'ndjson'])
const MAX_PATIENTS = 10_000
const MAX_FILTERS = 50

/** Reads the parameters of a kick-off; what is not known is refused, or passed over where the client asked for that. */
export function readExportQuestion(
  level: ExportQuestion['level'],
  pairs: [string, string][],
  base: string,
  isLenient: boolean,
): ExportQuestion {
  const question: ExportQuestion = { level }
  for (const [name, value] of pairs) {
    switch (name) {
      case '_outputFormat':
        if (!FORMATS.has(value.replace(' ', '+')))
          throw invalidRequest('Of _outputFormat, only application/fhir+ndjson is supported.', name)
        break
      case '_since':
        question.sinceMs = readInstant(name, value)
        break
      case '_until':
        question.untilMs = readInstant(name, value)
        break
      case '_type':
        question.types = [...(question.types ?? []), ...readTypes(name, value)]
        break
      case '_elements':
        question.elements = readElements(value, question.elements ?? {})
        break
      case '_typeFilter':
        // Several in one parameter are parted by commas that stand before a resource type.
        question.filters = [...(question.filters ?? []), ...value.split(/,(?=[A-Z][A-Za-z]+\?)/)]
        if (question.filters.length > MAX_FILTERS)
          throw invalidRequest(`At most ${MAX_FILTERS} searches may be in _typeFilter.`, name)
        for (const filter of question.filters) readCriteria(filter, name)
        break
      case 'patient':
        question.patients = [...(question.patients ?? []), patientOf(level, value, base)]
        if (question.patients.length > MAX_PATIENTS)
          throw invalidRequest(`At most ${MAX_PATIENTS} patients can be named.`, name)
        break
      default:
        if (!isLenient) throw unknownParameter(name, '$export')
    }
  }
  return question
}

function patientOf(level: ExportQuestion['level'], value: string, base: string): string {
  const local = parseLocalReference(value, base)
  if (level === 'system' || local?.type !== 'Patient')
    throw invalidRequest(
      '"patient" must be a reference to a Patient, and is asked of Patient/$export or of a Group.',
      'patient',
    )
  return local.id
}

function readElements(value: string, elements: Record<string, string[]>): Record<string, string[]> {
  for (const one of value.split(',').map((text) => text.trim())) {
    const [first = '', second, ...rest] = one.split('.')
    const [type, element] = second === undefined ? ['*', first] : [first, second]
    const isKnown = type === '*' || definitions.resourceTypes.includes(type)
    if (!isKnown || rest.length > 0 || !/^[A-Za-z]{1,64}$/.test(element))
      throw invalidRequest(
        '_elements must be a list of top-level elements such as id or Patient.name.',
        '_elements',
      )
    const known = elements[type]
    if (known === undefined) elements[type] = [element]
    else known.push(element)
  }
  return elements
}
