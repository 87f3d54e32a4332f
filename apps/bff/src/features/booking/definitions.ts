import type { OperationDefinition, OperationDefinitionParameter, ResourceType } from '@medplum/fhirtypes'
import { CANONICAL } from '@openward/fhir-client'
import { type OperationName, PARAMETER_TABLE, type ParameterSpec } from '@openward/scheduling'

import type { Operation } from '#/lib/operation.ts'

type Kind = ParameterSpec['kind']

const TYPE_OF_KIND: Readonly<Record<Kind, NonNullable<OperationDefinitionParameter['type']>>> = {
  opening: 'Appointment',
  reference: 'Reference',
  instant: 'instant',
  code: 'code',
  coding: 'Coding',
  date: 'date',
  integer: 'integer',
  string: 'string',
}

type Described = {
  name: `$${string}`
  title: string
  description: string
  on: ResourceType
  level: Operation['level']
  /** The parameters of `input`, as the parser knows them; none for operations without any. */
  input?: OperationName
  required?: readonly string[]
  changes: boolean
  out: NonNullable<OperationDefinitionParameter['type']>
}

/** The definition that is served for an operation; its input parameters are those that the parser reads. */
export function defineOperation(of: Described): OperationDefinition {
  const code = of.name.slice(1)
  const inputs = of.input === undefined ? [] : PARAMETER_TABLE[of.input]
  return {
    resourceType: 'OperationDefinition',
    id: `${of.on.toLowerCase()}-${code}`,
    url: `${CANONICAL}/OperationDefinition/${of.on.toLowerCase()}-${code}`,
    name: `${of.on}${code.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase())}`,
    title: of.title,
    status: 'active',
    kind: 'operation',
    description: of.description,
    affectsState: of.changes,
    code,
    resource: [of.on],
    system: of.level === 'system',
    type: of.level === 'type',
    instance: of.level === 'instance',
    parameter: [
      ...inputs.map(({ name, kind, isMany }): OperationDefinitionParameter => ({
        name,
        use: 'in',
        min: of.required?.includes(name) === true ? 1 : 0,
        max: isMany === true ? '*' : '1',
        type: TYPE_OF_KIND[kind],
      })),
      { name: 'return', use: 'out', min: 1, max: '1', type: of.out },
    ],
  }
}
