import {
  standardTerminology,
  type CompactConcept,
  type CompactInclude,
  type CompactValueSet,
} from '../../definitions/terminology.ts'
import { isObject, type Json, type JsonObject } from '../../fhir/json.ts'

/** Code → the codes above it. */
type CodeSystem = Map<string, string[]>
/** Undefined: not known, because a set cannot be listed or its code system is not here. */
type Answer = boolean | undefined

const MAX_DEPTH = 8
/** Sets of sets can multiply at each step: one code is compared with no more parts than this. */
const MAX_PARTS = 1000

/** One code, what is known of it by now, and how much may still be looked at. */
interface Question {
  system: string | undefined
  code: string
  answers: Map<string, Answer>
  partsLeft: number
}

/** Which codes belong to which value set: by what is stored here, else by the standard's own terminology. */
export class ValueSets {
  readonly #find: (type: 'ValueSet' | 'CodeSystem', canonical: string) => JsonObject | undefined
  readonly #sets = new Map<string, CompactValueSet | undefined>()
  readonly #systems = new Map<string, CodeSystem | undefined>()
  readonly #lists = new WeakMap<CompactInclude, Set<string>>()

  constructor(find: (type: 'ValueSet' | 'CodeSystem', canonical: string) => JsonObject | undefined) {
    this.#find = find
  }

  /** `system` is undefined for a plain code, whose system is implied by the set. */
  has(valueSet: string, system: string | undefined, code: string): Answer {
    return this.#has(valueSet, { system, code, answers: new Map(), partsLeft: MAX_PARTS }, 0)
  }

  #has(valueSet: string, question: Question, depth: number): Answer {
    const set = depth > MAX_DEPTH ? undefined : this.#set(valueSet)
    if (set === undefined) return undefined
    const key = `${depth} ${valueSet}`
    if (question.answers.has(key)) return question.answers.get(key)
    const answer = this.#answer(set, question, depth)
    question.answers.set(key, answer)
    return answer
  }

  #answer(set: CompactValueSet, question: Question, depth: number): Answer {
    const included = any(set.include.map((part) => this.#isIn(part, question, depth)))
    if (included === false || set.exclude === undefined) return included
    const excluded = any(set.exclude.map((part) => this.#isIn(part, question, depth)))
    if (excluded === true) return false
    return excluded === undefined ? undefined : included
  }

  /** Is `code` the `ancestor` or below it? Undefined when the code system is not here. */
  isBelow(system: string, code: string, ancestor: string): Answer {
    const codes = this.#system(system)
    return codes === undefined ? undefined : code === ancestor || isUnder(codes, code, ancestor)
  }

  #isIn(part: CompactInclude, question: Question, depth: number): Answer {
    const { system, code } = question
    question.partsLeft -= 1 + (part.valueSet?.length ?? 0) + (part.filter?.length ?? 0)
    if (question.partsLeft < 0) return undefined
    if (part.system !== undefined && system !== undefined && part.system !== system) return false
    const answers = (part.valueSet ?? []).map((inner) => this.#has(inner, question, depth + 1))
    if (part.concept !== undefined) answers.push(this.#listOf(part, part.concept).has(code))
    else if (part.system !== undefined) {
      const codes = this.#system(part.system)
      answers.push(codes?.has(code))
      for (const filter of part.filter ?? []) answers.push(passes(codes, filter, code))
    }
    return all(answers)
  }

  #listOf(part: CompactInclude, concepts: { code: string }[]): Set<string> {
    const known = this.#lists.get(part) ?? new Set(concepts.map((concept) => concept.code))
    this.#lists.set(part, known)
    return known
  }

  #set(canonical: string): CompactValueSet | undefined {
    if (this.#sets.has(canonical)) return this.#sets.get(canonical)
    const stored = this.#find('ValueSet', canonical)
    const set = stored === undefined ? own(standardTerminology().sets, canonical) : readValueSet(stored)
    this.#sets.set(canonical, set)
    return set
  }

  #system(url: string): CodeSystem | undefined {
    if (this.#systems.has(url)) return this.#systems.get(url)
    const stored = this.#find('CodeSystem', url)
    const standard = stored === undefined ? own(standardTerminology().systems, url) : undefined
    const system = stored === undefined ? readCompact(standard) : readCodeSystem(stored)
    this.#systems.set(url, system)
    return system
  }
}

function own<T>(table: Record<string, T>, canonical: string): T | undefined {
  const url = canonical.split('|')[0] ?? canonical
  return Object.hasOwn(table, url) ? table[url] : undefined
}

function any(answers: Answer[]): Answer {
  if (answers.includes(true)) return true
  return answers.includes(undefined) ? undefined : false
}

function all(answers: Answer[]): Answer {
  if (answers.includes(false)) return false
  return answers.length === 0 || answers.includes(undefined) ? undefined : true
}

function passes(
  codes: CodeSystem | undefined,
  filter: { property: string; op: string; value: string },
  code: string,
): Answer {
  if (codes === undefined || filter.property !== 'concept') return undefined
  if (filter.op === '=') return code === filter.value
  const isBelow = isUnder(codes, code, filter.value)
  if (filter.op === 'is-a') return code === filter.value || isBelow
  if (filter.op === 'descendent-of') return isBelow
  return filter.op === 'is-not-a' ? code !== filter.value && !isBelow : undefined
}

function isUnder(codes: CodeSystem, code: string, ancestor: string): boolean {
  const seen = new Set<string>()
  const open = [...(codes.get(code) ?? [])]
  // The list grows while it is walked.
  for (const one of open) {
    if (one === ancestor) return true
    if (seen.has(one)) continue
    seen.add(one)
    open.push(...(codes.get(one) ?? []))
  }
  return false
}

function readCompact(concepts: CompactConcept[] | undefined): CodeSystem | undefined {
  if (concepts === undefined) return undefined
  const system: CodeSystem = new Map()
  const add = (concept: CompactConcept, above: string[]) => {
    const [code, ...inner] = typeof concept === 'string' ? [concept] : concept
    system.set(code, [...(system.get(code) ?? []), ...above])
    for (const one of inner) add(one, [code])
  }
  for (const concept of concepts) add(concept, [])
  return system
}

/** Only a code system that says it is complete can say that a code is none of its own. */
function readCodeSystem(resource: JsonObject): CodeSystem | undefined {
  if (resource['content'] !== 'complete') return undefined
  const system: CodeSystem = new Map()
  const add = (concept: JsonObject, above: string[]) => {
    const code = concept['code']
    if (typeof code !== 'string') return
    const parents = listOf(concept['property'])
      .filter((property) => property['code'] === 'parent' || property['code'] === 'subsumedBy')
      .map((property) => String(property['valueCode']))
    system.set(code, [...(system.get(code) ?? []), ...above, ...parents])
    for (const one of listOf(concept['concept'])) add(one, [code])
  }
  for (const concept of listOf(resource['concept'])) add(concept, [])
  return system
}

function readValueSet(resource: JsonObject): CompactValueSet | undefined {
  const { compose, expansion } = resource
  if (isObject(compose ?? null)) {
    const { include, exclude } = compose as JsonObject
    return {
      include: listOf(include).map(readInclude),
      ...(exclude === undefined ? {} : { exclude: listOf(exclude).map(readInclude) }),
    }
  }
  if (!isObject(expansion ?? null)) return undefined
  const bySystem = new Map<string, { code: string }[]>()
  const add = (entry: JsonObject) => {
    const { system, code } = entry
    if (typeof system === 'string' && typeof code === 'string') {
      const codes = bySystem.get(system) ?? []
      codes.push({ code })
      bySystem.set(system, codes)
    }
    for (const inner of listOf(entry['contains'])) add(inner)
  }
  for (const entry of listOf((expansion as JsonObject)['contains'])) add(entry)
  return { include: [...bySystem].map(([system, concept]) => ({ system, concept })) }
}

function readInclude(part: JsonObject): CompactInclude {
  const { system, concept, filter, valueSet } = part
  return {
    ...(typeof system === 'string' ? { system } : {}),
    ...(concept === undefined
      ? {}
      : { concept: listOf(concept).map((one) => ({ code: String(one['code']) })) }),
    ...(filter === undefined
      ? {}
      : {
          filter: listOf(filter).map((one) => ({
            property: String(one['property']),
            op: String(one['op']),
            value: String(one['value']),
          })),
        }),
    ...(Array.isArray(valueSet) ? { valueSet: valueSet.filter((one) => typeof one === 'string') } : {}),
  }
}

function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
