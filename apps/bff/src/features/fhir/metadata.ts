import type {
  Bundle,
  CapabilityStatement,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceInteraction,
  ResourceType,
} from '@medplum/fhirtypes'
import { includesOf, ROLE_TABLE, ROLES, searchParametersFor } from '@openward/access'

import type { Operation } from '#/lib/operation.ts'

type Interaction = CapabilityStatementRestResourceInteraction['code']

const INTERACTIONS: Readonly<Record<string, readonly Interaction[]>> = {
  c: ['create'],
  r: ['read', 'vread', 'history-instance'],
  u: ['update', 'patch'],
  d: ['delete'],
  s: ['search-type'],
}

/** What the software offers was decided on this day; tells clients whether to read it again. */
const RELEASED = '2026-11-21'

function grantedTypes(): Map<ResourceType, Set<string>> {
  const types = new Map<ResourceType, Set<string>>()
  for (const { type, actions } of ROLE_TABLE.flatMap(({ scopes }) => scopes)) {
    if (type === '*') continue
    const known = types.get(type) ?? new Set()
    for (const action of actions) known.add(action)
    types.set(type, known)
  }
  return types
}

function isSearchable(name: string): boolean {
  return !name.includes(':')
}

function resourceRow(
  type: ResourceType,
  actions: ReadonlySet<string>,
  operations: readonly Operation[],
): CapabilityStatementRestResource {
  const own = operations.filter((operation) => operation.type === type)
  const { include, revinclude } = includesOf(type)
  return {
    type,
    interaction: ['c', 'r', 'u', 's', 'd']
      .filter((action) => actions.has(action))
      .flatMap((action) => (INTERACTIONS[action] ?? []).map((code) => ({ code }))),
    versioning: 'versioned-update',
    conditionalCreate: false,
    conditionalUpdate: false,
    ...(include.length > 0 ? { searchInclude: [...include] } : {}),
    ...(revinclude.length > 0 ? { searchRevInclude: [...revinclude] } : {}),
    searchParam: searchParametersFor(type, ROLES)
      .filter(isSearchable)
      .map((name) => ({ name, type: parameterType(name) })),
    ...(own.length > 0 ? { operation: own.map(operationRow) } : {}),
  }
}

const TOKENS =
  /^(_id|status|category|code|type|class|identifier|active|intent|specialty|role|.*-type|.*-status|communication|action|outcome|subtype|criticality|actual|phone|email|vaccine-code)$/
const DATES =
  /(date|_lastUpdated|period|start|sent|occurrence|authored|authoredon|effective|effective-time|recorded|whenhandedover)$/
const STRINGS = /^(name|title|family|given|address-city)$/

function parameterType(name: string): 'token' | 'date' | 'string' | 'uri' | 'reference' {
  if (name === 'url') return 'uri'
  if (STRINGS.test(name)) return 'string'
  if (TOKENS.test(name)) return 'token'
  return DATES.test(name) ? 'date' : 'reference'
}

function operationRow({ name, definition }: Operation) {
  return { name: name.slice(1), definition: definition.url ?? '' }
}

/** What this server does, made from the tables that decide it. */
export function capabilityStatement(baseUrl: string, operations: readonly Operation[]): CapabilityStatement {
  const system = operations.filter(({ level }) => level === 'system')
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: RELEASED,
    kind: 'instance',
    software: { name: 'Openward' },
    implementation: { description: 'Openward portals and their FHIR interface', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['json'],
    patchFormat: ['application/json-patch+json'],
    rest: [
      {
        mode: 'server',
        security: {
          cors: false,
          service: [
            {
              coding: [
                {
                  system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
                  code: 'SMART-on-FHIR',
                },
              ],
            },
          ],
          description:
            'Bearer tokens of the trusted OpenID providers; what a role may do is a table of SMART v2 scopes.',
        },
        resource: [...grantedTypes()]
          .sort(([a], [b]) => a.localeCompare(b))
          .map(([type, actions]) => resourceRow(type, actions, operations)),
        interaction: [{ code: 'batch' }, { code: 'transaction' }],
        operation: system.map(operationRow),
      },
    ],
  }
}

/** The definitions of our operations, as a searchset. */
export function operationDefinitions(baseUrl: string, operations: readonly Operation[]): Bundle {
  const entry = operations.map(({ definition }) => ({
    fullUrl: `${baseUrl}/OperationDefinition/${definition.id}`,
    resource: definition,
    search: { mode: 'match' as const },
  }))
  return { resourceType: 'Bundle', type: 'searchset', total: entry.length, entry }
}
