import { tryGetDataType, type InternalSchemaElement } from '@medplum/core'
import type { Resource } from '@medplum/fhirtypes'
import fc from 'fast-check'
import {
  CODES,
  DATES,
  LOOSE_MOMENTS,
  MOMENTS,
  NUMBERS,
  SYSTEMS,
  TEXTS,
  URLS,
  VERSIONS,
} from './adversarial.ts'
import { questionsFor } from './ask.ts'
import { compositeQuestions } from './composites.ts'
import {
  compositesOf,
  parametersOf,
  RESOURCE_TYPES,
  valuesOf,
  type OfficialComposite,
  type OfficialParameter,
} from './definitions.ts'
import { spanOf } from './time.ts'

type Made = Record<string, unknown>

const NEVER = new Set(['id', 'extension', 'modifierExtension'])
const NOT_OF_RESOURCES = new Set([...NEVER, 'contained', 'text', 'implicitRules'])
const MAX_DEPTH = 5
const IDS = ['1', '2', 'a.b-c', 'A']
/** Codes that expressions look for, so that `where(type='composed-of')` finds something: element → codes. */
const ASKED = new Map<string, string[]>()
for (const type of RESOURCE_TYPES) {
  for (const { expression } of parametersOf(type)) {
    for (const [, element = '', code = ''] of expression.matchAll(/where\((\w+)\s*=\s*'([^']*)'\)/g))
      ASKED.set(element, [...new Set([...(ASKED.get(element) ?? []), code])])
  }
}

const MOST = 600

/**
 * Resources of every type, made from the structure that the standard publishes and from odd values: so many of each type,
 * and more where they are needed until every search parameter of the type has a value that can be asked for.
 */
export function makeResources(seed: number, perType: number, base: string): Resource[] {
  const draws = fc.sample(fc.noBias(fc.nat(999_999)), { seed, numRuns: 40_000 })
  let at = 0
  const draw = (below: number) => (draws[at++ % draws.length] ?? 0) % below
  const pick = <T>(list: readonly T[]): T => list[draw(list.length)] as T
  const maker = new Maker(draw, pick, base)
  return RESOURCE_TYPES.flatMap((type) => {
    const made: Resource[] = []
    const silent = new Set<OfficialParameter | OfficialComposite>([
      ...parametersOf(type),
      ...compositesOf(type),
    ])
    for (let n = 0; n < MOST && (n < perType || silent.size > 0); n++) {
      const id = `${type.toLowerCase().slice(0, 20)}-${made.length}`
      const resource = { resourceType: type, id, ...maker.element(type, n, 0) } as unknown as Resource
      const speaking = [...silent].filter((parameter) => canBeAsked(resource, parameter, base))
      for (const parameter of speaking) silent.delete(parameter)
      if (n < perType || speaking.length > 0) made.push(resource)
    }
    return made
  })
}

function canBeAsked(
  resource: Resource,
  parameter: OfficialParameter | OfficialComposite,
  base: string,
): boolean {
  if ('components' in parameter) return compositeQuestions(resource, parameter, base).length > 0
  return valuesOf(resource, parameter).some((found) => questionsFor(parameter, found, base).length > 0)
}

class Maker {
  readonly #draw: (below: number) => number
  readonly #pick: <T>(list: readonly T[]) => T
  readonly #base: string

  constructor(draw: (below: number) => number, pick: <T>(list: readonly T[]) => T, base: string) {
    this.#draw = draw
    this.#pick = pick
    this.#base = base
  }

  /** The first resource of a type has every element; of choices, each resource takes the next type. */
  element(type: string, n: number, depth: number): Made {
    const made: Made = {}
    for (const [name, rule] of Object.entries(tryGetDataType(type)?.elements ?? {})) {
      const isNever = depth === 0 ? NOT_OF_RESOURCES.has(name) : NEVER.has(name)
      if (isNever || (n > 0 && this.#draw(10) < 3)) continue
      const code = rule.type[(n + this.#draw(2)) % Math.max(rule.type.length, 1)]?.code ?? ''
      const property = name.endsWith('[x]')
        ? name.slice(0, -3) + code.charAt(0).toUpperCase() + code.slice(1)
        : name
      const one = () => this.#value(code, rule, name, n, depth)
      const count = n === 0 ? 1 : 1 + this.#draw(2)
      const list = Array.from({ length: rule.isArray === true ? count : 1 }, one).filter(
        (value) => value !== undefined,
      )
      if (list.length > 0) made[property] = rule.isArray === true ? list : list[0]
    }
    return made
  }

  #value(code: string, rule: InternalSchemaElement, name: string, n: number, depth: number): unknown {
    if (code === 'Reference') return this.#reference(rule)
    if (code === 'Resource')
      return { resourceType: this.#pick(['Patient', 'Composition', 'MessageHeader']), id: this.#pick(IDS) }
    if (code === 'Extension' || code === 'Narrative') return undefined
    if (/^[a-z]/.test(code)) return this.#primitive(code, name)
    if (code === 'Period') return this.#period()
    if (depth >= MAX_DEPTH) return undefined
    const made = code === 'Range' ? this.#range(n, depth) : this.element(code, n, depth + 1)
    return Object.keys(made).length === 0 ? undefined : made
  }

  #primitive(code: string, name: string): unknown {
    switch (code) {
      case 'boolean':
        return this.#draw(2) === 0
      case 'integer':
      case 'positiveInt':
      case 'unsignedInt':
        return this.#draw(5)
      case 'decimal':
        return this.#pick(NUMBERS)
      case 'date':
        return this.#pick(DATES)
      case 'dateTime':
        return this.#pick([...DATES, ...MOMENTS, ...LOOSE_MOMENTS])
      case 'instant':
        return this.#pick(MOMENTS)
      case 'time':
        return '12:30:00'
      case 'code':
        return this.#pick([...(ASKED.get(name) ?? []), ...(ASKED.get(name) ?? []), ...CODES.slice(0, 5)])
      case 'uri':
        return name === 'system' ? this.#pick(SYSTEMS) : this.#pick(URLS)
      case 'url':
      case 'oid':
      case 'uuid':
        return this.#pick(URLS)
      case 'canonical':
        return this.#pick(URLS) + this.#pick(VERSIONS)
      case 'base64Binary':
        return 'AAAA'
      case 'id':
        return this.#pick(IDS)
      case 'string':
      case 'markdown':
      case 'xhtml':
        return this.#draw(4) === 0 && name === 'value' ? this.#pick(CODES) : this.#pick(TEXTS)
      default:
        return undefined
    }
  }

  /** A period never ends before it begins. */
  #period(): Made {
    const extension = [{ url: 'http://a.example/extension', valueCode: 'unknown' }]
    const [one, other] = [this.#pick([...DATES, ...MOMENTS]), this.#pick([...DATES, ...MOMENTS])]
    const isInOrder = (spanOf(one)?.from ?? 0) <= (spanOf(other)?.to ?? 0)
    const [start, end] = isInOrder ? [one, other] : [other, one]
    return this.#pick([{ start }, { end }, { start, end }, { extension }])
  }

  /** The low end of a range is never above the high one. */
  #range(n: number, depth: number): Made {
    const { low, high } = this.element('Range', n, depth + 1) as { low?: Made; high?: Made }
    const isSwapped = Number(low?.['value']) > Number(high?.['value'])
    const ends = isSwapped ? { low: high, high: low } : { low, high }
    return Object.fromEntries(Object.entries(ends).filter(([, end]) => end !== undefined))
  }

  #reference(rule: InternalSchemaElement): Made {
    const profiles = rule.type.flatMap((type) => type.targetProfile ?? [])
    const names = profiles
      .map((url) => url.slice(url.lastIndexOf('/') + 1))
      .filter((type) => RESOURCE_TYPES.includes(type))
    const type = names.length === 0 ? this.#pick(['Patient', 'Observation', 'Basic']) : this.#pick(names)
    const id = this.#pick([...IDS, ...[0, 1, 2, 3].map((n) => `${type.toLowerCase().slice(0, 20)}-${n}`)])
    const identifier = { system: this.#pick(SYSTEMS), value: this.#pick(CODES) }
    return this.#pick<Made>([
      { reference: `${type}/${id}` },
      { reference: `${type}/${id}`, display: this.#pick(TEXTS) },
      { reference: `${type}/${id}/_history/2` },
      { reference: `${this.#base}/${type}/${id}` },
      { reference: `${this.#base}/${type}/${id}/_history/1`, identifier },
      { reference: `http://elsewhere.example/fhir/${type}/${id}` },
      { reference: '#inside' },
      { reference: 'urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7', type },
      { reference: id },
      { identifier },
      { identifier, type },
      { display: this.#pick(TEXTS) },
    ])
  }
}
