import type { ResourceType } from '@medplum/fhirtypes'

import type { Caller } from './caller.ts'
import { patientParameter } from './compartment.ts'
import { ALLOW, type Decision, forbidden, notSupported, type Refused } from './decision.ts'
import { grantFor, type Grant } from './grants.ts'
import { includesOf, searchParametersFor } from './parameters.ts'

/** A search as name and value pairs, in the order of the request. */
export type SearchParameters = readonly (readonly [string, string])[]

const LITERAL = /^(?:[A-Z][A-Za-z]{1,63}\/)?[A-Za-z0-9\-.]{1,64}$/
const NAMES_A_PATIENT: ReadonlySet<string> = new Set(['patient', 'subject', 'actor', 'member', 'beneficiary'])
const REFERENCES: ReadonlySet<string> = new Set([
  ...NAMES_A_PATIENT,
  'practitioner',
  'location',
  'slot',
  'schedule',
  'partof',
  'organization',
  'service',
  'participant',
  'general-practitioner',
  'recipient',
  'sender',
  'owner',
  'requester',
  'appointment',
  'focus',
  'performer',
  'entity',
  'agent',
  'target',
])
const MOST_PER_PAGE = 1000
const MOST_VALUE_LENGTH = 2000

function checkControl(
  name: string,
  value: string,
  type: ResourceType,
  searchable: readonly string[],
): Refused | undefined {
  const { include, revinclude } = includesOf(type)
  switch (name) {
    case '_count':
      return /^\d{1,4}$/.test(value) && Number(value) <= MOST_PER_PAGE
        ? undefined
        : notSupported(`_count must be a whole number up to ${MOST_PER_PAGE}`, name)
    case '_total':
      return ['none', 'estimate', 'accurate'].includes(value)
        ? undefined
        : notSupported('Unknown _total', name)
    case '_summary':
      return ['count', 'false'].includes(value)
        ? undefined
        : notSupported('_summary takes count and false here; _elements chooses fields', name)
    case '_elements':
      return /^[A-Za-z]{1,40}(,[A-Za-z]{1,40}){0,29}$/.test(value)
        ? undefined
        : notSupported('_elements takes names of top-level elements', name)
    case '_sort':
      return value.split(',').every((key) => searchable.includes(key.replace(/^-/, '')))
        ? undefined
        : notSupported('_sort names an unknown parameter', name)
    case '_include':
      return include.includes(value) ? undefined : notSupported('This _include is not offered', name)
    case '_revinclude':
      return revinclude.includes(value) ? undefined : notSupported('This _revinclude is not offered', name)
    case '_format':
      return /json/.test(value) ? undefined : notSupported('Only JSON is offered', name)
    default:
      return notSupported('Unknown search parameter', name)
  }
}

function checkParameter(
  [name, value]: readonly [string, string],
  type: ResourceType,
  searchable: readonly string[],
): Refused | undefined {
  if (!searchable.includes(name)) return checkControl(name.slice(0, 64), value, type, searchable)
  if (value === '' || value.length > MOST_VALUE_LENGTH || /\p{Cc}/u.test(value)) {
    return notSupported('A search value is empty, too long, or holds control characters', name)
  }
  const mustBeLiteral = name === '_id' || REFERENCES.has(name)
  if (mustBeLiteral && !value.split(',').every((one) => LITERAL.test(one))) {
    return notSupported('A reference here is an id or Type/id', name)
  }
  return undefined
}

function namesOnlyOthers(
  [name, value]: readonly [string, string],
  type: ResourceType,
  ids: readonly string[],
): boolean {
  if (!NAMES_A_PATIENT.has(name) && !(type === 'Patient' && name === '_id')) return false
  const patients = value
    .split(',')
    .filter((one) => !one.includes('/') || one.startsWith('Patient/'))
    .map((one) => one.replace(/^Patient\//, ''))
  const isAboutPatients = name !== 'actor' || value.split(',').every((one) => one.startsWith('Patient/'))
  return isAboutPatients && patients.length > 0 && !patients.some((id) => ids.includes(id))
}

function narrow(
  grant: Extract<Grant, { reach: 'people' }>,
  type: ResourceType,
  parameters: SearchParameters,
  asked: SearchParameters,
): Decision {
  const parameter = patientParameter(type)
  if (parameter === undefined) return forbidden()
  const { patientIds } = grant
  if (patientIds.length === 0) return forbidden('You may not see this for anyone')
  if (parameters.some((one) => namesOnlyOthers(one, type, patientIds))) return forbidden()
  const values = patientIds.map((id) => (parameter === '_id' ? id : `Patient/${id}`))
  return {
    outcome: 'narrow',
    patientIds,
    isConditional: grant.conditions !== undefined,
    parameters: [[parameter, values.join(',')], ...asked],
  }
}

/** The conditions of the token's scopes as search parameters; undefined where no single search says them exactly. */
function conditionParameters(conditions: Grant['conditions']): [string, string][] | undefined {
  if (conditions === undefined) return []
  const [first = [], ...others] = conditions
  if (others.length === 0) return first.map(({ name, values }) => [name, values.join(',')])
  const alternatives = conditions.map(([only, ...more]) => (more.length === 0 ? only : undefined))
  const name = alternatives[0]?.name
  if (name === undefined || alternatives.some((one) => one?.name !== name)) return undefined
  return [[name, [...new Set(alternatives.flatMap((one) => one?.values ?? []))].join(',')]]
}

/** Decides a search: unknown parameters are refused by name; a reach over people adds exactly the parameter that expresses it. */
export function decideSearch(caller: Caller, type: ResourceType, parameters: SearchParameters): Decision {
  const grant = grantFor(caller, type, 's')
  if (!grant) return forbidden()
  const searchable = searchParametersFor(type, grant.roles)
  for (const parameter of parameters) {
    const refused = checkParameter(parameter, type, searchable)
    if (refused) return refused
  }
  const asked = conditionParameters(grant.conditions)
  if (asked === undefined)
    return notSupported('The scopes of your token cannot be asked in one search; ask with narrower scopes')
  if (grant.reach === 'people') return narrow(grant, type, parameters, asked)
  if (asked.length === 0) return ALLOW
  return { outcome: 'narrow', patientIds: undefined, isConditional: true, parameters: asked }
}
