import { readFileSync } from 'node:fs'

export type ParameterType =
  | 'token'
  | 'reference'
  | 'string'
  | 'date'
  | 'number'
  | 'quantity'
  | 'uri'
  | 'composite'
  | 'special'

export interface ElementRule {
  type: string
  min: number
  /** 0 means no limit. */
  max: number
  array?: true
  /** Value set that the code must come from: a key into `codes`, or one that is checked by a rule. */
  codes?: string
  /** The name before `[x]`. */
  choice?: string
  targets?: string[]
  invariants?: Invariant[]
  /** Belongs to `_summary=true`. */
  summary?: true
}

export interface Invariant {
  key: string
  human: string
  expression: string
}

export interface TypeRule {
  elements: Record<string, ElementRule>
  requiredChoices?: string[]
  invariants?: Invariant[]
}

export type PathStep = string | { where: string; equals: string } | { refersTo: string } | { first: true }

export interface SearchPath {
  steps: PathStep[]
  /** The FHIR type of what the path ends at. */
  type: string
}

/** Several values of one element, asked together: `code$value`. */
export interface Composite {
  /** The parameters whose values are given, in order; all are parameters of the same resource type. */
  components: { code: string; type: ParameterType }[]
  /**
   * Where one element can hold all values. An element that cannot repeat is searched by plain parameters of the type, one
   * that can by rows of the table `ix_pair` under the composite parameter named.
   */
  parts: ({ params: string[] } | { rows: string })[]
  /** The rows kept under this parameter: what repeats, and where in it (or in the whole resource) each value is. */
  elements?: { steps: PathStep[]; values: { paths: SearchPath[]; ofResource?: true }[] }
}

export interface SearchParam {
  type: ParameterType
  paths: SearchPath[]
  /** At most one value per resource: a search for several values cannot find a resource twice. */
  single?: true
  /** Every value is an exact moment. */
  instant?: true
  targets?: string[]
  patientCompartment?: true
  composite?: Composite
}

export interface Definitions {
  fhirVersion: string
  resourceTypes: string[]
  types: Record<string, TypeRule>
  /** Value set → code system → codes. */
  codes: Record<string, Record<string, string[]>>
  search: Record<string, Record<string, SearchParam>>
  /** Resource type → the date parameter that leads its reference index. */
  primaryDates: Record<string, string>
  /** Compartment → resource type → the reference parameters that put a resource into it. */
  compartments: Record<string, Record<string, string[]>>
}

const FILE = new URL('../../generated/definitions.json', import.meta.url)

function load(): Definitions {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Definitions
  } catch {
    throw new Error('The FHIR definitions are missing: run `npm run build` in apps/record first.')
  }
}

/** The FHIR R4 definitions, compacted at build time (scripts/compact-definitions.ts). */
export const definitions: Definitions = load()

const resourceTypes = new Set(definitions.resourceTypes)

export function isResourceType(name: unknown): name is string {
  return typeof name === 'string' && resourceTypes.has(name)
}

export function findSearchParam(resourceType: string, code: string): SearchParam | undefined {
  const own = definitions.search[resourceType]
  return own !== undefined && Object.hasOwn(own, code) ? own[code] : undefined
}
