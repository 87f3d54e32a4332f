import { definitions, type ElementRule } from '../definitions/definitions.ts'
import type { Json } from '../fhir/json.ts'
import { membershipOf, type Membership } from './bindings.ts'
import { prepareInvariants, type Check } from './invariants.ts'
import { primitives } from './primitives.ts'

/** An element of a type, prepared for checking. */
export interface Rule {
  name: string
  type: string
  isArray: boolean
  min: number
  /** 0 means no limit. */
  max: number
  /** The name before `[x]`. */
  choice: string | undefined
  primitive: ((value: Json) => boolean) | undefined
  /** May hold `#…`, which is a link into the contained resources. */
  isLink: boolean
  valueSet: string | undefined
  isMember: Membership | undefined
  targets: ReadonlySet<string> | undefined
  invariants: Check[]
}

export interface PreparedType {
  name: string
  elements: Map<string, Rule>
  required: Rule[]
  requiredChoices: readonly string[]
  hasChoices: boolean
  invariants: Check[]
}

const LINKS = new Set(['uri', 'url', 'canonical'])
const prepared = new Map<string, PreparedType | undefined>()

/** The rules of a type, or of the path of a backbone element; prepared when first asked for. */
export function typeOf(name: string): PreparedType | undefined {
  const known = prepared.get(name)
  if (known !== undefined || prepared.has(name)) return known
  const made = prepare(name)
  prepared.set(name, made)
  return made
}

function prepare(name: string): PreparedType | undefined {
  const type = Object.hasOwn(definitions.types, name) ? definitions.types[name] : undefined
  if (type === undefined) return undefined
  const rules = Object.entries(type.elements).map(([element, rule]) => prepareRule(element, rule))
  return {
    name,
    elements: new Map(rules.map((rule) => [rule.name, rule])),
    required: rules.filter((rule) => rule.min > 0),
    requiredChoices: type.requiredChoices ?? [],
    hasChoices: rules.some((rule) => rule.choice !== undefined),
    invariants: prepareInvariants(type.invariants ?? [], name),
  }
}

function prepareRule(name: string, rule: ElementRule): Rule {
  const { type, codes } = rule
  return {
    name,
    type,
    isArray: rule.array === true,
    min: rule.min,
    max: rule.max,
    choice: rule.choice,
    primitive: Object.hasOwn(primitives, type) ? primitives[type] : undefined,
    isLink: LINKS.has(type),
    valueSet: codes,
    isMember: codes === undefined ? undefined : membershipOf(codes, type),
    targets: rule.targets === undefined ? undefined : new Set(rule.targets),
    invariants: prepareInvariants(rule.invariants ?? [], type),
  }
}
