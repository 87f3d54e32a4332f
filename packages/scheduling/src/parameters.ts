import type { Appointment, Parameters, ParametersParameter } from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client/canonical'
import type { z } from 'zod'

import { PARAMETER_TABLE } from './parameter-table.ts'
import type { ParameterSpec } from './parameter-table.ts'
import { OPERATION_SCHEMAS } from './operations.schema.ts'
import type { OperationInput, OperationName } from './operations.schema.ts'

/** One thing wrong with an input: a FHIR issue type, and a FHIRPath expression that names the parameter (`fieldOf` gives the form's field). */
export type InputIssue = {
  expression: string
  code: 'structure' | 'required' | 'value' | 'too-long' | 'not-supported'
}

export type ParsedInput<O extends OperationName> =
  | { ok: true; input: OperationInput<O> }
  | { ok: false; issues: InputIssue[] }

const MAX_PARAMETERS = 1_200

function expressionOf(name: string): string {
  return `Parameters.parameter.where(name='${name}')`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** References of an Appointment's participants; anything else in their place is passed on for the schema to refuse. */
function referencesOf(participants: unknown): unknown[] {
  if (!Array.isArray(participants)) return []
  return participants.map((one: unknown) =>
    isObject(one) && isObject(one['actor']) ? one['actor']['reference'] : undefined,
  )
}

/** The parts of a proposed Appointment that make an opening. Its other content is not read: the rules decide, not the sender. */
function openingFrom(resource: unknown): unknown {
  if (!isObject(resource) || resource['resourceType'] !== 'Appointment') return resource
  const participants = referencesOf(resource['participant'])
  const first = (type: string) =>
    participants.find((one) => typeof one === 'string' && one.startsWith(`${type}/`))
  const extensions: unknown = resource['extension']
  const list = Array.isArray(extensions) ? extensions.filter(isObject) : []
  const codeOf = (url: string) => list.find((one) => one['url'] === url)?.['valueCode']
  return {
    start: resource['start'],
    end: resource['end'],
    service: first('HealthcareService'),
    practitioner: first('Practitioner'),
    location: first('Location'),
    visitMode: codeOf(EXTENSION.visitMode),
    timeZone: codeOf(EXTENSION.timeZone),
    participants,
  }
}

function valueOf(spec: ParameterSpec, parameter: Record<string, unknown>): unknown {
  switch (spec.kind) {
    case 'opening':
      return openingFrom(parameter['resource'])
    case 'reference': {
      const reference = parameter['valueReference']
      return isObject(reference) ? reference['reference'] : undefined
    }
    case 'instant':
      return parameter['valueInstant'] ?? parameter['valueDateTime']
    case 'code':
      return parameter['valueCode'] ?? parameter['valueString']
    case 'coding':
      return parameter['valueCoding']
    case 'date':
      return parameter['valueDate']
    case 'integer':
      return parameter['valueInteger']
    case 'string':
      return parameter['valueString']
  }
}

/** Where inside the proposed Appointment a field of the opening was read. */
const OPENING_PATHS: Readonly<Record<string, string>> = {
  start: '.start',
  end: '.end',
  visitMode: '.extension',
  timeZone: '.extension',
}

function expressionOfPath(specs: readonly ParameterSpec[], path: readonly PropertyKey[]): string {
  const spec = specs.find((one) => one.field === path[0])
  if (spec === undefined) return 'Parameters'
  if (spec.kind !== 'opening' || path.length < 2) return expressionOf(spec.name)
  return `${expressionOf(spec.name)}.resource${OPENING_PATHS[String(path[1])] ?? '.participant'}`
}

function isPresent(values: unknown, path: readonly PropertyKey[]): boolean {
  let value = values
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return false
    value = Reflect.get(value, step)
  }
  return value !== undefined
}

function issueOf(specs: readonly ParameterSpec[], values: unknown, issue: z.core.$ZodIssue): InputIssue {
  const expression = expressionOfPath(specs, issue.path)
  if (issue.message === 'too-long') return { expression, code: 'too-long' }
  return {
    expression,
    code: issue.message === 'required' || !isPresent(values, issue.path) ? 'required' : 'value',
  }
}

type Collected = { values: Record<string, unknown>; issues: InputIssue[] }

function collect(specs: readonly ParameterSpec[], parameters: readonly unknown[]): Collected {
  const values: Record<string, unknown> = {}
  const issues: InputIssue[] = []
  parameters.forEach((parameter, index) => {
    const name = isObject(parameter) ? parameter['name'] : undefined
    if (!isObject(parameter) || typeof name !== 'string') {
      issues.push({ expression: `Parameters.parameter[${index}]`, code: 'structure' })
      return
    }
    const spec = specs.find((one) => one.name === name)
    if (spec === undefined) {
      // The name is the sender's text: say where, not what.
      issues.push({ expression: `Parameters.parameter[${index}]`, code: 'not-supported' })
      return
    }
    const value = valueOf(spec, parameter)
    const known = values[spec.field]
    if (value === undefined) issues.push({ expression: expressionOf(spec.name), code: 'value' })
    else if (spec.isMany === true) values[spec.field] = Array.isArray(known) ? [...known, value] : [value]
    else if (known === undefined) values[spec.field] = value
    else issues.push({ expression: expressionOf(spec.name), code: 'structure' })
  })
  return { values, issues }
}

/**
 * A `Parameters` body as the typed input of an operation, or everything that is wrong with it. Never throws; the texts of the sender are not repeated.
 * Unknown parameters, a second value where one is allowed, and a value of another type are refused.
 */
export function parseParameters<O extends OperationName>(operation: O, body: unknown): ParsedInput<O> {
  if (!isObject(body) || body['resourceType'] !== 'Parameters')
    return { ok: false, issues: [{ expression: 'Parameters', code: 'structure' }] }
  const parameters: unknown = body['parameter'] ?? []
  if (!Array.isArray(parameters) || parameters.length > MAX_PARAMETERS) {
    return { ok: false, issues: [{ expression: 'Parameters.parameter', code: 'structure' }] }
  }
  const specs = PARAMETER_TABLE[operation]
  const { values, issues } = collect(specs, parameters)
  const parsed = OPERATION_SCHEMAS[operation].safeParse(values)
  const found = parsed.success ? [] : parsed.error.issues.map((issue) => issueOf(specs, values, issue))
  const all = [
    ...issues,
    ...found.filter((one) => !issues.some((known) => known.expression === one.expression)),
  ]
  if (!parsed.success || all.length > 0) return { ok: false, issues: all }
  // The schema was chosen by the same name as the type.
  return { ok: true, input: parsed.data as OperationInput<O> }
}

/** The form's field (`contactPhone`) that an issue's expression is about; undefined when it is about none. */
export function fieldOf(operation: OperationName, expression: string): string | undefined {
  return PARAMETER_TABLE[operation].find((spec) => expression.startsWith(expressionOf(spec.name)))?.field
}

function parameterOf(spec: ParameterSpec, value: unknown): ParametersParameter {
  const { name } = spec
  const text = String(value)
  switch (spec.kind) {
    case 'opening':
      return { name, resource: value as Appointment }
    case 'reference':
      return { name, valueReference: { reference: text } }
    case 'instant':
      return spec.isMany === true ? { name, valueInstant: text } : { name, valueDateTime: text }
    case 'code':
      return { name, valueCode: text }
    case 'coding':
      return { name, valueCoding: value as { system?: string; code: string } }
    case 'date':
      return { name, valueDate: text }
    case 'integer':
      return { name, valueInteger: Number(value) }
    case 'string':
      return { name, valueString: text }
  }
}

/** What a client gives: the fields of the input, openings as the proposed Appointments that `$find` answered. */
export type ClientInput<O extends OperationName> = Omit<z.input<(typeof OPERATION_SCHEMAS)[O]>, 'opening'> &
  ('opening' extends keyof z.input<(typeof OPERATION_SCHEMAS)[O]>
    ? { opening?: Appointment | undefined }
    : unknown)

/** The `Parameters` body of an operation; fields that are undefined or empty text are left out. The counterpart of `parseParameters`. */
export function parametersFor<O extends OperationName>(operation: O, input: ClientInput<O>): Parameters {
  const parameter: ParametersParameter[] = []
  for (const spec of PARAMETER_TABLE[operation]) {
    const value: unknown = Reflect.get(input, spec.field)
    const values: unknown[] = Array.isArray(value) ? value : [value]
    for (const one of values) {
      if (one !== undefined && one !== '') parameter.push(parameterOf(spec, one))
    }
  }
  return { resourceType: 'Parameters', parameter }
}
