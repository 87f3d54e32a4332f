import { isObject, type Json, type JsonObject } from '../fhir/json.ts'

/** Is there a value, or an extension in its place? */
export function has(value: JsonObject, name: string): boolean {
  return value[name] !== undefined || value[`_${name}`] !== undefined
}

export function hasChoice(value: JsonObject, stem: string): boolean {
  for (const key in value) if (key.startsWith(stem, key.charCodeAt(0) === 95 ? 1 : 0)) return true
  return false
}

export function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
