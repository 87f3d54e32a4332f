import type { TypedValue } from '@medplum/core'
import { decimalOf, matchesExtent, type Extent } from './decimal.ts'
import type { OfficialParameter } from './definitions.ts'
import { impliedSystems } from './implied-systems.ts'
import { comparable } from './text.ts'
import { matchesSpan, spanOf, spanOfValue } from './time.ts'

/** Splits on a separator that is not escaped. */
export function split(text: string, separator: ',' | '|'): string[] {
  return text.split(separator === ',' ? /(?<=(?<!\\)(?:\\\\)*),/ : /(?<=(?<!\\)(?:\\\\)*)\|/)
}

function unescaped(text: string): string {
  return text.replace(/\\([\\,|$])/g, '$1')
}

/** Does one value that a parameter found match one value that is asked for? */
export function matches(
  parameter: OfficialParameter,
  found: TypedValue,
  modifier: string | undefined,
  asked: string,
  base: string,
): boolean {
  if (modifier === 'identifier')
    return matchesToken({ type: 'Identifier', value: found.value?.identifier }, asked)
  switch (parameter.type) {
    case 'token':
      return matchesToken(found, asked)
    case 'string':
      return textsOf(found).some((text) => matchesText(text, modifier, unescaped(asked)))
    case 'date': {
      const [prefix, rest] = prefixed(asked)
      const [target, span] = [spanOfValue(found), spanOf(rest)]
      return target !== undefined && span !== undefined && matchesSpan(prefix, span, target)
    }
    case 'number': {
      const extent = extentOf(found)
      const [prefix, rest] = prefixed(asked)
      return extent !== undefined && matchesExtent(prefix, decimalOf(rest), extent)
    }
    case 'quantity':
      return matchesQuantity(found, asked)
    case 'uri':
      return matchesUri(found.value as string, modifier, unescaped(asked))
    default:
      return matchesReference(found, modifier, unescaped(asked), base)
  }
}

export function prefixed(text: string): [prefix: string, rest: string] {
  const [, prefix = '', rest = ''] = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(.*)$/s.exec(text) ?? []
  return [prefix, rest]
}

interface Token {
  system: string | undefined
  code: string | undefined
}

/** Decision where the standard leaves room: tokens are compared with their case, but those of type string without it. */
export function tokensOf({ type, value }: TypedValue): Token[] {
  if (value === undefined) return []
  switch (type) {
    case 'CodeableConcept':
      return (value.coding ?? []).map((coding: Token) => ({ system: coding.system, code: coding.code }))
    case 'Coding':
      return [{ system: value.system, code: value.code }]
    case 'Identifier':
      return [{ system: value.system, code: value.value }]
    case 'ContactPoint':
      return [{ system: undefined, code: value.value }]
    default:
      return typeof value === 'object' ? [] : [{ system: undefined, code: String(value) }]
  }
}

function matchesToken(found: TypedValue, asked: string): boolean {
  const [first = '', second] = split(asked, '|').map(unescaped)
  const code = second ?? first
  const system = second === undefined ? undefined : first
  const implied = impliedSystems(found)
  const same = (text: string | undefined) =>
    found.type === 'string' ? text?.toLowerCase() === code.toLowerCase() : text === code
  return tokensOf(found).some(
    (token) =>
      (token.system !== undefined || token.code !== undefined) &&
      (system === undefined ||
        (token.system ?? '') === system ||
        (code !== '' && implied.includes(system))) &&
      (code === '' || same(token.code)),
  )
}

const PARTS: Record<string, string[]> = {
  HumanName: ['text', 'family', 'given', 'prefix', 'suffix'],
  Address: ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'],
}

export function textsOf({ type, value }: TypedValue): string[] {
  if (typeof value === 'string') return [value]
  return (PARTS[type] ?? []).flatMap((part) => value[part] ?? []).filter((text) => typeof text === 'string')
}

function matchesText(text: string, modifier: string | undefined, asked: string): boolean {
  if (modifier === 'exact') return text === asked
  const [own, other] = [comparable(text), comparable(asked)]
  return modifier === 'contains' ? own.includes(other) : own.startsWith(other)
}

/** A number, a Quantity or a Range as an extent; undefined when it says no amount. */
export function extentOf({ type, value }: TypedValue): Extent | undefined {
  const amount = (one: { value?: number } | undefined) =>
    one?.value === undefined ? undefined : decimalOf(String(one.value))
  if (type === 'Range') {
    const extent = { low: amount(value.low), high: amount(value.high) }
    return extent.low === undefined && extent.high === undefined ? undefined : extent
  }
  const single = typeof value === 'number' ? decimalOf(String(value)) : amount(value)
  return single === undefined ? undefined : { low: single, high: single }
}

const CURRENCIES = 'urn:iso:std:iso:4217'

function matchesQuantity(found: TypedValue, asked: string): boolean {
  const [amount = '', system = '', code = ''] = split(asked, '|').map(unescaped)
  const extent = extentOf(found)
  if (extent === undefined) return false
  const unit =
    found.type === 'Range'
      ? (found.value.low ?? found.value.high)
      : found.type === 'Money'
        ? { system: CURRENCIES, code: found.value.currency }
        : found.value
  const [prefix, rest] = prefixed(amount)
  if (!matchesExtent(prefix, decimalOf(rest), extent)) return false
  if (system !== '') return unit.system === system && (code === '' || unit.code === code)
  return code === '' || unit.code === code || unit.unit === code
}

/** `:below` and `:above` are for URLs; of a URN they find only itself. */
function matchesUri(uri: string, modifier: string | undefined, asked: string): boolean {
  const isHierarchical = !asked.startsWith('urn:')
  if (modifier === 'below' && isHierarchical) return uri.startsWith(asked)
  if (modifier === 'above' && isHierarchical) return asked.startsWith(uri)
  return uri === asked
}

export interface LocalTarget {
  type: string
  id: string
}

const LOCAL = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/

/** What a reference of ours points to: relative, or absolute below our own address; its version does not count. */
export function localTarget(found: TypedValue, base: string): LocalTarget | undefined {
  const { type, value } = found
  if (typeof value === 'object' && value.resourceType !== undefined)
    return value.id === undefined ? undefined : { type: value.resourceType, id: value.id }
  return type === 'Reference' ? localOf(value.reference ?? '', base) : undefined
}

function localOf(text: string, base: string): LocalTarget | undefined {
  const [, type, id] = LOCAL.exec(text.startsWith(`${base}/`) ? text.slice(base.length + 1) : text) ?? []
  return type === undefined || id === undefined ? undefined : { type, id }
}

function matchesReference(
  found: TypedValue,
  modifier: string | undefined,
  asked: string,
  base: string,
): boolean {
  const own = localTarget(found, base)
  const other = localOf(asked, base)
  if (own !== undefined) {
    if (modifier !== undefined && own.type !== modifier) return false
    return other === undefined ? own.id === asked : own.type === other.type && own.id === other.id
  }
  if (modifier !== undefined) return false
  if (found.type === 'Reference') return isUrl(asked) && found.value.reference === asked
  return matchesCanonical(String(found.value), asked)
}

/** What is neither `Type/id` nor a URL points nowhere. */
export function isUrl(text: string): boolean {
  return /[:/]/.test(text)
}

/** Without a version any version matches. */
function matchesCanonical(canonical: string, asked: string): boolean {
  const [url, version] = canonical.split(/\|(.*)/s)
  const [askedUrl, askedVersion] = asked.split(/\|(.*)/s)
  return url === askedUrl && (askedVersion === undefined || version === askedVersion)
}
