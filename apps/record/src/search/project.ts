import { definitions, type TypeRule } from '../definitions/definitions.ts'
import type { SearchRequest } from './request.ts'

const SUBSETTED = '{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}'

/** Which properties of an object stay: whole, cut by a rule of their own, or not at all. */
type Choice = (key: string) => boolean | Choice

/** What a search asked to see of each resource; undefined when it is all. */
export function projection(
  request: Pick<SearchRequest, 'summary' | 'elements'>,
): ((body: string, type: string) => string) | undefined {
  const { summary, elements } = request
  if (elements !== undefined) {
    const wanted = new Set(elements)
    return (body, type) =>
      cutBody(body, (key) => wanted.has(key) || isMandatory(definitions.types[type], key), wanted.has('meta'))
  }
  switch (summary) {
    case 'true':
      return (body, type) => cutBody(body, summaryOf(type), true)
    case 'text':
      return (body, type) =>
        cutBody(body, (key) => key === 'text' || isMandatory(definitions.types[type], key), true)
    case 'data':
      return (body) => cutBody(body, (key) => key !== 'text', true)
    case 'false':
      return undefined
  }
}

/** The elements that the definition flags for summaries; of backbone elements, those flagged inside. */
function summaryOf(typeName: string): Choice {
  const type = definitions.types[typeName]
  return (key) => {
    const rule = type?.elements[key]
    if (rule === undefined || (rule.summary !== true && !isMandatory(type, key))) return false
    return rule.type.includes('.') ? summaryOf(rule.type) : true
  }
}

function isMandatory(type: TypeRule | undefined, key: string): boolean {
  const rule = type?.elements[key]
  return (
    (rule?.min ?? 0) > 0 ||
    (rule?.choice !== undefined && type?.requiredChoices?.includes(rule.choice) === true)
  )
}

/** The wanted top-level elements of a stored body, and what every resource has. */
export function project(body: string, wanted: ReadonlySet<string>): string {
  return cutBody(body, (key) => wanted.has(key), wanted.has('meta'))
}

/**
 * Cuts a stored body down to some elements without parsing it: stored bodies are our own JSON, without white space, so
 * each property is one slice and numbers stay as they were written. `meta` says that the rest is missing.
 */
function cutBody(body: string, choose: Choice, hasWholeMeta: boolean): string {
  return cutObject(body, 0, (key) => key === 'resourceType' || key === 'id' || choose(key), {
    meta: (meta) => subsettedMeta(meta, hasWholeMeta),
  })
}

function cutObject(
  body: string,
  start: number,
  choose: Choice,
  replace: Record<string, (value: string) => string> = {},
): string {
  let out = ''
  let at = start + 1
  while (body.charCodeAt(at) === 34) {
    const keyEnd = body.indexOf('"', at + 1)
    const key = body.slice(at + 1, keyEnd)
    const end = endOfValue(body, keyEnd + 2)
    const replaced = Object.hasOwn(replace, key) ? replace[key] : undefined
    const choice = choose(key.charCodeAt(0) === 95 ? key.slice(1) : key)
    if (replaced !== undefined) out += `,"${key}":${replaced(body.slice(keyEnd + 2, end))}`
    else if (choice === true) out += `,${body.slice(at, end)}`
    else if (choice !== false) out += `,"${key}":${cutValue(body, keyEnd + 2, end, choice)}`
    at = end + 1
  }
  return `{${out.slice(1)}}`
}

/** One object, or each object of a list. */
function cutValue(body: string, start: number, end: number, choose: Choice): string {
  const first = body.charCodeAt(start)
  if (first === 123) return cutObject(body, start, choose)
  if (first !== 91) return body.slice(start, end)
  const parts: string[] = []
  for (let at = start + 1; at < end - 1;) {
    const next = endOfValue(body, at)
    parts.push(cutValue(body, at, next, choose))
    at = next + 1
  }
  return `[${parts.join(',')}]`
}

function subsettedMeta(meta: string, isWhole: boolean): string {
  if (isWhole) {
    const parsed = JSON.parse(meta) as { tag?: unknown[] }
    return JSON.stringify({ ...parsed, tag: [...(parsed.tag ?? []), JSON.parse(SUBSETTED)] })
  }
  const from = meta.indexOf('"versionId":"')
  const version = meta.slice(from, meta.indexOf('"', from + 13) + 1)
  return `{${version},"tag":[${SUBSETTED}]}`
}

/** The index just after the value that starts at `start`. */
function endOfValue(body: string, start: number): number {
  const first = body.charCodeAt(start)
  if (first === 34) return endOfString(body, start)
  if (first !== 123 && first !== 91) {
    let at = start
    while (!isEndOfScalar(body.charCodeAt(at))) at++
    return at
  }
  let depth = 0
  for (let at = start; at < body.length; at++) {
    const char = body.charCodeAt(at)
    if (char === 34) at = endOfString(body, at) - 1
    else if (char === 123 || char === 91) depth++
    else if (char === 125 || char === 93) {
      depth--
      if (depth === 0) return at + 1
    }
  }
  return body.length
}

/** A comma, or the end of the object or the list. */
function isEndOfScalar(char: number): boolean {
  return char === 44 || char === 125 || char === 93 || Number.isNaN(char)
}

function endOfString(body: string, start: number): number {
  let at = body.indexOf('"', start + 1)
  for (;;) {
    let backslashes = 0
    while (body.charCodeAt(at - 1 - backslashes) === 92) backslashes++
    if (backslashes % 2 === 0) return at + 1
    at = body.indexOf('"', at + 1)
  }
}
