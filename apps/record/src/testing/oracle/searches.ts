import fc, { type GeneratorValue } from 'fast-check'
import { questionsFor } from './ask.ts'
import { compositeQuestions } from './composites.ts'
import { compositesOf, parametersOf, valuesOf, type OfficialParameter } from './definitions.ts'
import type { World } from './evaluate.ts'
import { localTarget } from './match.ts'

interface Question {
  parameter: OfficialParameter
  modifier?: string
  value: string
}

/** What can be asked of a type: values that are there, references that lead somewhere, and who refers to it. */
interface Topic {
  questions: Map<string, Question[]>
  combinations: [code: string, value: string][]
  links: { code: string; target: string; isNarrow: boolean }[]
  backLinks: { source: string; code: string }[]
  ids: string[]
  moments: string[]
}

const MAX_QUESTIONS = 60
const MAX_STEPS = 3

/** Draws random searches from the resources themselves: their own values, cut, widened and combined. */
export class Searches {
  readonly #topics = new Map<string, Topic>()
  readonly #types: string[]

  constructor(world: World) {
    for (const type of world.byType.keys()) this.#topics.set(type, emptyTopic())
    for (const [type, resources] of world.byType) {
      const topic = this.#topic(type)
      for (const resource of resources) {
        topic.ids.push(resource.id ?? '')
        topic.moments.push(resource.meta?.lastUpdated ?? '')
        for (const parameter of parametersOf(type)) this.#learn(world, type, resource, parameter)
        for (const composite of compositesOf(type)) {
          const values = compositeQuestions(resource, composite, world.base)
          topic.combinations.push(...values.map((value): [string, string] => [composite.code, value]))
        }
      }
    }
    this.#types = [...this.#topics].filter(([, topic]) => topic.questions.size > 0).map(([type]) => type)
  }

  #topic(type: string): Topic {
    return this.#topics.get(type) ?? emptyTopic()
  }

  #learn(
    world: World,
    type: string,
    resource: Parameters<typeof valuesOf>[0],
    parameter: OfficialParameter,
  ): void {
    const { questions, links } = this.#topic(type)
    const known = questions.get(parameter.code) ?? []
    for (const found of valuesOf(resource, parameter)) {
      if (known.length < MAX_QUESTIONS)
        known.push(...questionsFor(parameter, found, world.base).map((one) => ({ ...one, parameter })))
      const target = parameter.type === 'reference' ? localTarget(found, world.base) : undefined
      if (target === undefined || !world.byReference.has(`${target.type}/${target.id}`)) continue
      if (links.some((link) => link.code === parameter.code && link.target === target.type)) continue
      const { targets } = parameter
      if (targets.length > 0 && !targets.includes(target.type)) continue
      const isNarrow = targets.length > 0 && targets.length < 8
      links.push({ code: parameter.code, target: target.type, isNarrow })
      this.#topic(target.type).backLinks.push({ source: type, code: parameter.code })
    }
    if (known.length > 0) questions.set(parameter.code, known)
  }

  /** One search: up to three conditions, perhaps an order, and a page size. */
  draw(g: GeneratorValue): { query: string; count: number } {
    const type = pick(g, this.#types)
    const conditions = Array.from({ length: g(fc.nat, { max: 3 }) }, () => this.#condition(g, type, 0))
    const sorts = Array.from({ length: g(fc.nat, { max: 2 }) }, () => this.#sort(g, type))
    const parts = conditions.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    if (sorts.length > 0) parts.push(`_sort=${sorts.join(',')}`)
    return { query: `${type}?${parts.join('&')}`, count: pick(g, [2, 7, 1000]) }
  }

  #sort(g: GeneratorValue, type: string): string {
    const codes = [...this.#topic(type).questions.keys(), '_id', '_lastUpdated']
    return pick(g, ['', '-']) + pick(g, codes)
  }

  #condition(g: GeneratorValue, type: string, steps: number): [name: string, value: string] {
    const { questions, combinations, links, backLinks, ids, moments } = this.#topic(type)
    const kinds = ['value', 'value', 'several', 'missing', 'id', 'updated']
    if (combinations.length > 0) kinds.push('combination')
    if (steps < MAX_STEPS && links.length > 0) kinds.push('chain', 'chain')
    if (steps < MAX_STEPS && backLinks.length > 0) kinds.push('has', 'has')
    const kind = questions.size === 0 ? 'id' : pick(g, kinds)
    switch (kind) {
      case 'id':
        return ['_id', several(g, ids, 5).join(',')]
      case 'updated':
        return ['_lastUpdated', pick(g, ['ge', 'lt', 'ne', '']) + pick(g, moments)]
      case 'combination':
        return pick(g, combinations)
      case 'missing':
        return [`${pick(g, [...questions.keys()])}:missing`, pick(g, ['true', 'false'])]
      case 'chain': {
        const { code, target, isNarrow } = pick(g, links)
        const [name, value] = this.#condition(g, target, steps + 1)
        return [`${code}${isNarrow && g(fc.boolean) ? '' : `:${target}`}.${name}`, value]
      }
      case 'has': {
        const { source, code } = pick(g, backLinks)
        const [name, value] = this.#condition(g, source, steps + 1)
        return [`_has:${source}:${code}:${name}`, value]
      }
      default: {
        const list = questions.get(pick(g, [...questions.keys()])) ?? []
        const first = pick(g, list)
        const alike = list.filter((one) => one.modifier === first.modifier)
        const others = kind === 'several' ? several(g, alike, 4) : []
        const name = first.parameter.code + (first.modifier === undefined ? '' : `:${first.modifier}`)
        return [name, [first, ...others].map((one) => changed(g, one)).join(',')]
      }
    }
  }
}

/** Drawn by place, so that what fast-check prints of a failure stays short. */
function pick<T>(g: GeneratorValue, list: readonly T[]): T {
  return list[g(fc.nat, { max: list.length - 1 })] as T
}

function several<T>(g: GeneratorValue, list: readonly T[], most: number): T[] {
  return Array.from({ length: 1 + g(fc.nat, { max: most - 1 }) }, () => pick(g, list))
}

function emptyTopic(): Topic {
  return { questions: new Map(), combinations: [], links: [], backLinks: [], ids: [], moments: [] }
}

/** Sometimes not the value itself but one near it that is a valid question too. */
function changed(g: GeneratorValue, { parameter, modifier, value }: Question): string {
  if (modifier === 'identifier' || g(fc.nat, { max: 2 }) > 0) return value
  switch (parameter.type) {
    case 'date':
      return pick(g, datesNear(value))
    case 'number':
    case 'quantity':
      return pick(g, numbersNear(value))
    case 'string': {
      const part = value
        .slice(0, 1 + g(fc.nat, { max: 5 }))
        .replace(/\\+$/, '')
        .toWellFormed()
      return part.includes('\\') || part === ''
        ? value
        : pick(g, [part, part.toUpperCase(), part.toLowerCase()])
    }
    case 'token':
      return pick(g, [value.toUpperCase(), `${value}0`])
    default:
      return value
  }
}

function datesNear(value: string): string[] {
  const [, prefix = '', date = ''] = /^([a-z]{2})?(.*)$/.exec(value) ?? []
  return [4, 7, 10].filter((length) => length <= date.length).map((length) => prefix + date.slice(0, length))
}

function numbersNear(value: string): string[] {
  const [, number = '', rest = ''] = /^([^|]*)(.*)$/s.exec(value) ?? []
  const [mantissa = '', exponent] = number.split('e')
  if (exponent !== undefined) return [value]
  const finer = mantissa.includes('.') ? `${mantissa}0` : `${mantissa}.0`
  return [finer + rest, `${mantissa}e0${rest}`, number, mantissa.replace(/\.\d*$/, '') + rest]
}
