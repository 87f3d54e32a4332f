import type { Json } from '../../fhir/json.ts'
import type { Check } from '../invariants.ts'

/** What a profile says of one element, of all its occurrences or of one slice of them. */
export interface ElementNode {
  /** The element's name, for a choice without `[x]`; for the root, the type. */
  name: string
  isChoice: boolean
  sliceName: string | undefined
  /** The type, or the path of a backbone element, whose elements the children are; undefined where several are possible. */
  type: string | undefined
  min: number
  /** Undefined means no limit. */
  max: number | undefined
  /** What R4 itself says, so that only what a profile adds is checked again. */
  baseMin: number
  baseMax: number | undefined
  types: AllowedType[] | undefined
  fixed: Json | undefined
  pattern: Json | undefined
  /** Value set of a required binding. */
  valueSet: string | undefined
  maxLength: number | undefined
  minValue: Json | undefined
  maxValue: Json | undefined
  checks: Check[]
  children: Map<string, ElementNode>
  slicing: Slicing | undefined
  slices: ElementNode[]
}

export interface AllowedType {
  code: string
  /** Canonicals: the value must conform to one of them. */
  profiles: string[]
  /** Canonicals of what a Reference may point at. */
  targets: string[]
}

export interface Slicing {
  discriminators: Discriminator[]
  rules: string
  isOrdered: boolean
}

export interface Discriminator {
  type: string
  path: Step[]
}

export type Step =
  | { kind: 'element'; name: string }
  | { kind: 'extension'; url: string }
  | { kind: 'type'; name: string }
  | { kind: 'resolve' }

export interface Profile {
  url: string
  version: string | undefined
  type: string
  root: ElementNode
  /** Where an extension may stand. */
  contexts: { type: string; expression: string }[]
  /** What could not be looked at, in words. */
  gaps: string[]
}

/** A StructureDefinition that makes no sense; the message is for the person who uploads it. */
export class BrokenProfile extends Error {
  override readonly name = 'BrokenProfile'
  readonly expression: string

  constructor(message: string, expression: string) {
    super(message)
    this.expression = expression
  }
}

export function makeNode(name: string, parts: Partial<ElementNode> = {}): ElementNode {
  return {
    name,
    isChoice: false,
    sliceName: undefined,
    type: undefined,
    min: 0,
    max: undefined,
    baseMin: 0,
    baseMax: undefined,
    types: undefined,
    fixed: undefined,
    pattern: undefined,
    valueSet: undefined,
    maxLength: undefined,
    minValue: undefined,
    maxValue: undefined,
    checks: [],
    children: new Map(),
    slicing: undefined,
    slices: [],
    ...parts,
  }
}

/** A copy that can be narrowed without changing the original. */
export function copyNode(node: ElementNode): ElementNode {
  return {
    ...node,
    checks: [...node.checks],
    children: new Map([...node.children].map(([name, child]) => [name, copyNode(child)])),
    slices: node.slices.map(copyNode),
  }
}

/** Drops what says no more than R4 itself does, so that checking costs only what a profile adds. */
export function prune(node: ElementNode): boolean {
  for (const [name, child] of node.children) if (prune(child)) node.children.delete(name)
  for (const slice of node.slices) if (slice.slices.length > 0) slice.slicing ??= node.slicing
  const isSliced = node.slices.map((slice) => !prune(slice)).includes(true)
  if (!isSliced && node.slicing?.rules !== 'closed') {
    node.slices = []
    node.slicing = undefined
  }
  return (
    node.min <= node.baseMin &&
    (node.max === undefined || (node.baseMax !== undefined && node.max >= node.baseMax)) &&
    node.types === undefined &&
    node.fixed === undefined &&
    node.pattern === undefined &&
    node.valueSet === undefined &&
    node.maxLength === undefined &&
    node.minValue === undefined &&
    node.maxValue === undefined &&
    node.checks.length === 0 &&
    node.children.size === 0 &&
    node.slicing === undefined
  )
}
