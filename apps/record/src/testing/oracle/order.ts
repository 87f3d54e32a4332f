import type { Resource } from '@medplum/fhirtypes'
import { compare, type Decimal } from './decimal.ts'
import { parameterOf, valuesOf, type OfficialParameter } from './definitions.ts'
import { extentOf, isUrl, localTarget, textsOf, tokensOf } from './match.ts'
import { comparable, compareText } from './text.ts'
import { FAR, spanOfValue } from './time.ts'

type Key = number | string | Decimal

/**
 * The order of `_sort`. Of several values the one counts that comes first in the order that was asked for. Decisions where
 * the standard leaves room: a date counts from its beginning, an amount from its low end; what has no date counts like
 * what has no beginning, as earliest, what has no other value comes last; ties keep the order of writing, newest first when the first key descends.
 */
export function inOrder(found: Resource[], sort: string | undefined, base: string): Resource[] {
  if (sort === undefined) return found
  const keys = sort
    .split(',')
    .map((key) => (key.startsWith('-') ? { code: key.slice(1), sign: -1 } : { code: key, sign: 1 }))
  const ordered = keys[0]?.sign === -1 ? found.toReversed() : [...found]
  const known = new Map(
    ordered.map((resource) => [resource, keys.map(({ code, sign }) => keyOf(resource, code, sign, base))]),
  )
  return ordered.toSorted((a, b) => {
    for (const [at, { sign }] of keys.entries()) {
      const difference = compareKeys(known.get(a)?.[at], known.get(b)?.[at], sign)
      if (difference !== 0) return difference
    }
    return 0
  })
}

function keyOf(resource: Resource, code: string, sign: number, base: string): Key | undefined {
  if (code === '_id') return resource.id
  if (code === '_lastUpdated') return Date.parse(resource.meta?.lastUpdated ?? '')
  const parameter = parameterOf(resource.resourceType, code)
  if (parameter === undefined) throw new Error(`${resource.resourceType} cannot be sorted by ${code}`)
  const keys = valuesOf(resource, parameter).flatMap((value) => keysOf(parameter, value, base))
  const first = keys.toSorted((a, b) => compareKeys(a, b, sign))[0]
  return first ?? (parameter.type === 'date' ? -FAR : undefined)
}

function keysOf(parameter: OfficialParameter, value: Parameters<typeof tokensOf>[0], base: string): Key[] {
  switch (parameter.type) {
    case 'date':
      return [spanOfValue(value)?.from].filter((from) => from !== undefined)
    case 'string':
      return textsOf(value).map(comparable)
    case 'token':
      return tokensOf(value).flatMap(
        ({ code }) => (value.type === 'string' ? code?.toLowerCase() : code) ?? [],
      )
    case 'uri':
      return [String(value.value)]
    case 'reference':
      return referenceKeys(value, base)
    default: {
      const extent = extentOf(value)
      return extent === undefined ? [] : [extent.low ?? { digits: -1n, exponent: 300 }]
    }
  }
}

function referenceKeys(value: Parameters<typeof tokensOf>[0], base: string): Key[] {
  const local = localTarget(value, base)
  if (local !== undefined) return [local.id]
  if (typeof value.value === 'string') return [value.value.split('|')[0] ?? '']
  const url: string = value.value.reference ?? ''
  return isUrl(url) && !url.startsWith('#') ? [url] : []
}

function compareKeys(a: Key | undefined, b: Key | undefined, sign: number): number {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0)
  if (typeof a === 'object' && typeof b === 'object') return sign * compare(a, b)
  if (typeof a === 'string' && typeof b === 'string') return sign * compareText(a, b)
  return sign * (a < b ? -1 : a > b ? 1 : 0)
}
