import { definitions, findSearchParam } from '../definitions/definitions.ts'
import { parseBody } from '../fhir/json.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import { parseLocalReference } from '../fhir/references.ts'
import { type Criteria, readCriteria } from '../operations/criteria.ts'
import { type Parameter, parameterList, textOf } from '../operations/parameters.ts'
import { shown } from '../search/parse-filter.ts'

/** A search about a person: of `Patient`, or of resources that are theirs. */
export interface Search {
  /** As it was asked: its key in caches and answers. */
  query: string
  name: string | undefined
  criteria: Criteria
  /** Only the newest of these of each person counts, and only if the search finds it. */
  latest: { query: string; criteria: Criteria } | undefined
  /** The reference that says whose a resource is; undefined for `Patient` itself. */
  by: string | undefined
  /** So many resources at least. */
  minimum: number
  /** A measure's date parameter; without it the type's primary date. */
  date: string | undefined
}

export type Tree = { kind: 'all' | 'any' | 'none'; of: Tree[] } | { kind: 'search'; search: Search }

export interface PeopleQuestion {
  tree: Tree
  /** In the order of the question. */
  searches: Search[]
  measures: Search[]
  /** Ids: only these persons. */
  patients: string[] | undefined
  /** What each operation takes beside, as text. */
  options: Map<string, string>
}

const MAX_SEARCHES = 50
const MAX_MEASURES = 30
const MAX_DEPTH = 8
const MAX_PATIENTS = 5000
/** Whose a resource is, where several references lead to persons: who it is about, not who reported it. */
const ABOUT = ['patient', 'subject', 'beneficiary', 'individual', 'actor', 'member', 'link', 'participant']

/** Reads groups `all`, `any` and `none` of groups and searches; on the top all groups must hold. */
export function readPeopleQuestion(body: string, base: string, options: readonly string[]): PeopleQuestion {
  const searches: Search[] = []
  const patients = new Set<string>()
  const question: PeopleQuestion = {
    tree: { kind: 'all', of: [] },
    searches,
    measures: [],
    patients: undefined,
    options: new Map(),
  }
  const roots: Tree[] = []
  for (const one of parameterList(parseBody(body))) {
    if (one.name === 'patient') patients.add(patientOf(one, base))
    else if (one.name === 'measure' && options.includes('measure')) question.measures.push(readSearch(one))
    else if (one.name !== 'measure' && options.includes(one.name)) question.options.set(one.name, textOf(one))
    else roots.push(readTree(one, searches, 1))
  }
  if (patients.size > MAX_PATIENTS)
    throw invalidRequest(`At most ${MAX_PATIENTS} patients can be named.`, 'patient')
  if (question.measures.length > MAX_MEASURES)
    throw invalidRequest(`At most ${MAX_MEASURES} measures can be asked at once.`, 'measure')
  question.tree = { kind: 'all', of: roots }
  if (patients.size > 0) question.patients = [...patients]
  return question
}

function readTree(parameter: Parameter, searches: Search[], depth: number): Tree {
  const { name } = parameter
  if (depth > MAX_DEPTH) throw invalidRequest(`Groups may be nested ${MAX_DEPTH} deep.`, 'parameter')
  if (name === 'search') {
    const search = readSearch(parameter)
    if (searches.push(search) > MAX_SEARCHES)
      throw invalidRequest(`At most ${MAX_SEARCHES} searches can be asked at once.`, 'search')
    return { kind: 'search', search }
  }
  if (name !== 'all' && name !== 'any' && name !== 'none')
    throw invalidRequest(`The parameter "${shown(name)}" is not one that this operation takes.`, shown(name))
  if (parameter.value !== undefined)
    throw invalidRequest(`"${name}" is a group and has parts, no value.`, name)
  return { kind: name, of: parameter.part.map((part) => readTree(part, searches, depth + 1)) }
}

/** `valueString` alone is the search; parts say more. */
function readSearch(parameter: Parameter): Search {
  const said = new Map<string, string>()
  if (parameter.value !== undefined) said.set('query', textOf(parameter))
  for (const part of parameter.part) {
    if (!['query', 'name', 'by', 'minimum', 'date', 'latest'].includes(part.name))
      throw invalidRequest(`A search has no part "${shown(part.name)}".`, shown(part.name))
    said.set(part.name, textOf(part))
  }
  const query = said.get('query') ?? ''
  const criteria = readCriteria(query, parameter.name)
  const minimum = said.get('minimum') ?? '1'
  if (!/^[1-9]\d{0,4}$/.test(minimum) || (criteria.type === 'Patient' && minimum !== '1'))
    throw invalidRequest('"minimum" must be a positive number, and not be asked of Patient.', 'minimum')
  const date = said.get('date')
  const latest = latestOf(criteria, minimum, said.get('latest'))
  if (date !== undefined && findSearchParam(criteria.type, date)?.type !== 'date')
    throw invalidRequest(`"${shown(date)}" is not a date parameter of ${criteria.type}.`, 'date')
  return {
    query,
    name: said.get('name'),
    criteria,
    latest,
    by: referenceOf(criteria.type, said.get('by')),
    minimum: Number(minimum),
    date,
  }
}

function latestOf(criteria: Criteria, minimum: string, query: string | undefined): Search['latest'] {
  if (query === undefined) return undefined
  const latest = readCriteria(query, 'latest')
  if (criteria.type === 'Patient' || latest.type !== criteria.type || minimum !== '1')
    throw invalidRequest(
      '"latest" must be a search of the same type, not of Patient, and stand without "minimum".',
      'latest',
    )
  return { query, criteria: latest }
}

function referenceOf(type: string, by: string | undefined): string | undefined {
  if (type === 'Patient' && by === undefined) return undefined
  const leads = (code: string) => {
    const param = findSearchParam(type, code)
    return param?.type === 'reference' && param.targets?.includes('Patient') !== false
  }
  const own = definitions.compartments['Patient']?.[type] ?? []
  const found = by ?? ABOUT.find((code) => own.includes(code)) ?? own[0] ?? ABOUT.find(leads)
  if (found === undefined || !leads(found))
    throw invalidRequest(
      `${type} has no reference "${shown(by ?? 'patient')}" that leads to a Patient.`,
      'by',
    )
  return found
}

function patientOf(parameter: Parameter, base: string): string {
  const local = parseLocalReference(textOf(parameter), base)
  if (local?.type !== 'Patient')
    throw invalidRequest('"patient" must be a reference to a Patient that this server stores.', 'patient')
  return local.id
}
