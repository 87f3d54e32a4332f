import { parseJson, TooManyNumbers } from '@openward/fhir-client/exact-json'
import { invalidRequest, Refusal } from './outcome.ts'

export type Json = string | number | boolean | null | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json
}

const MAX_DEPTH = 100

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Parses any JSON body, its numbers exactly; refuses what is not JSON and what is nested so deep that walking it would be unsafe. */
export function parseJsonBody(text: string): Json {
  let value: Json
  try {
    value = parseJson(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as Json
  } catch (error) {
    if (error instanceof TooManyNumbers)
      throw new Refusal(413, 'too-costly', 'The body holds too many numbers: send it in parts.')
    throw invalidRequest('The body is not valid JSON.')
  }
  requireShallow(value)
  return value
}

/** Parses a body that is one JSON object. */
export function parseBody(text: string): JsonObject {
  const value = parseJsonBody(text)
  if (!isObject(value)) throw invalidRequest('The body must be one JSON object.')
  return value
}

export function requireShallow(value: Json, depth = 0): void {
  if (typeof value !== 'object' || value === null) return
  if (depth > MAX_DEPTH) throw invalidRequest(`The body is nested deeper than ${MAX_DEPTH} levels.`)
  if (Array.isArray(value)) {
    for (const item of value) requireShallow(item, depth + 1)
  } else {
    for (const key in value) requireShallow(value[key] ?? null, depth + 1)
  }
}
