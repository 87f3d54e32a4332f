import { isObject, type Json, type JsonObject, parseBody } from '../fhir/json.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import { isResourceType } from '../definitions/definitions.ts'
import { rangeOfDate, type TimeRange } from '../fhir/dates.ts'
import { shown } from '../search/parse-filter.ts'
import type { OperationCall } from './operation.ts'

/** The parameters of an operation as pairs, from the address or from a body of Parameters. */
export function operationPairs({ interaction }: Pick<OperationCall, 'interaction'>): [string, string][] {
  const pairs = [...new URLSearchParams(interaction.query)]
  if (interaction.body === undefined || interaction.body === '') return pairs
  for (const one of parameterList(parseBody(interaction.body))) pairs.push([one.name, textOf(one)])
  return pairs
}

/** One parameter of a Parameters resource. */
export interface Parameter {
  name: string
  value: Json | undefined
  part: Parameter[]
}

const MAX_PARAMETERS = 10_000

export function parameterList(body: JsonObject): Parameter[] {
  if (body['resourceType'] !== 'Parameters') throw invalidRequest('The body must be Parameters.')
  return readList(body['parameter'] ?? [], 0)
}

function readList(list: Json, depth: number): Parameter[] {
  if (!Array.isArray(list) || list.length > MAX_PARAMETERS || depth > 20)
    throw invalidRequest('The parameters are not a list, or are too many or too deep.', 'parameter')
  return list.map((one) => {
    const name = isObject(one) ? one['name'] : undefined
    if (!isObject(one) || typeof name !== 'string')
      throw invalidRequest('A parameter has no name.', 'parameter')
    const key = Object.keys(one).find((each) => each.startsWith('value'))
    return {
      name,
      value: key === undefined ? undefined : one[key],
      part: one['part'] === undefined ? [] : readList(one['part'], depth + 1),
    }
  })
}

/** The value of a parameter as text; of a reference, what it refers to. */
export function textOf({ name, value }: Parameter): string {
  const plain = isObject(value) ? value['reference'] : value
  if (typeof plain !== 'string' && typeof plain !== 'number' && typeof plain !== 'boolean')
    throw invalidRequest(`The parameter "${shown(name)}" has no value that can be read.`, shown(name))
  return String(plain)
}

/** Comma lists of resource types, also repeated. */
export function readTypes(name: string, text: string): string[] {
  const types = text.split(',').map((type) => type.trim())
  const unknown = types.find((type) => !isResourceType(type))
  if (unknown !== undefined)
    throw invalidRequest(`"${shown(unknown)}" in "${name}" is not a resource type.`, name)
  return types
}

export function readTime(name: string, text: string): TimeRange {
  const range = rangeOfDate(text.replace(/ (\d\d:\d\d)$/, '+$1'))
  if (range === undefined) throw invalidRequest(`"${name}" must be a date.`, name)
  return range
}

/** An instant: a date alone leaves open when it begins. */
export function readInstant(name: string, text: string): number {
  const range = readTime(name, text)
  if (range.lo !== range.hi) throw invalidRequest(`"${name}" must be an instant.`, name)
  return range.lo
}

export function readWhole(name: string, text: string, max: number): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalidRequest(`"${name}" must be a positive whole number.`, name)
  return Math.min(Number(text), max)
}

export function unknownParameter(name: string, operation: string): Error {
  return invalidRequest(`The parameter "${shown(name)}" is not supported by ${operation}.`, shown(name))
}
