import { copyJson, numberText, setNumberText } from './exact-json.ts'
import { jsonSize } from './json-size.ts'

type Container = Record<string, unknown> | unknown[]
type Step = { op: string; path: string; from?: string; value?: unknown }
/** A value and, for a number, how it is written. */
type Part = { value: unknown; text: string | undefined }

const MOST_STEPS = 50
/** For everything that the steps of one patch add, copy and compare, as `jsonSize` counts. */
export const MOST_PATCHED = 20_000
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Why a patch was not applied; its message is fixed words. 400: it is no patch; 422: it does not fit or makes too much. */
export class PatchRefusal extends Error {
  override readonly name = 'PatchRefusal'
  readonly status: 400 | 422
  readonly code: 'invalid' | 'processing' | 'too-costly'
  readonly expression: string | undefined

  constructor(status: 400 | 422, code: PatchRefusal['code'], message: string, expression?: string) {
    super(message)
    this.status = status
    this.code = code
    this.expression = expression?.slice(0, 100)
  }
}

function unfit(path: string): PatchRefusal {
  return new PatchRefusal(422, 'processing', 'The patch does not fit what is stored', path)
}

function stepsOf(patch: unknown): Step[] {
  if (!Array.isArray(patch) || patch.length === 0 || patch.length > MOST_STEPS) {
    throw new PatchRefusal(400, 'invalid', `A JSON Patch is a list of 1 to ${MOST_STEPS} operations`)
  }
  return patch.map((step: unknown, index) => {
    const { op, path, from } = (step ?? {}) as Record<string, unknown>
    const needsFrom = op === 'move' || op === 'copy'
    const isKnown =
      typeof op === 'string' && ['add', 'remove', 'replace', 'move', 'copy', 'test'].includes(op)
    const needsValue = isKnown && ['add', 'replace', 'test'].includes(op)
    if (
      !isKnown ||
      typeof path !== 'string' ||
      (needsFrom && typeof from !== 'string') ||
      (needsValue && !Object.hasOwn(step as object, 'value'))
    ) {
      throw new PatchRefusal(400, 'invalid', 'This is not a JSON Patch operation', `[${index}]`)
    }
    return step as Step
  })
}

function keysOf(pointer: string): string[] {
  if (!pointer.startsWith('/')) throw unfit(pointer)
  const keys = pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (keys.some((key) => FORBIDDEN.has(key))) throw unfit(pointer)
  return keys
}

function child(value: unknown, key: string, pointer: string): unknown {
  if (Array.isArray(value) && /^(0|[1-9]\d{0,6})$/.test(key) && Number(key) < value.length)
    return value[Number(key)]
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)) {
    return (value as Record<string, unknown>)[key]
  }
  throw unfit(pointer)
}

function locate(document: unknown, pointer: string): { parent: Container; key: string } {
  const keys = keysOf(pointer)
  const key = keys.pop() ?? ''
  const parent = keys.reduce((value, one) => child(value, one, pointer), document)
  if (typeof parent !== 'object' || parent === null) throw unfit(pointer)
  return { parent: parent as Container, key }
}

function add(document: unknown, pointer: string, { value, text }: Part): void {
  const { parent, key } = locate(document, pointer)
  if (!Array.isArray(parent)) {
    parent[key] = value
    setNumberText(parent, key, text)
    return
  }
  const index = key === '-' ? parent.length : Number(key)
  if (!/^(-|0|[1-9]\d{0,6})$/.test(key) || index > parent.length) throw unfit(pointer)
  parent.splice(index, 0, value)
  if (text !== undefined) setNumberText(parent, String(index), text)
}

function read(document: unknown, pointer: string): Part {
  const { parent, key } = locate(document, pointer)
  return { value: child(parent, key, pointer), text: numberText(parent, key) }
}

function remove(document: unknown, pointer: string): Part {
  const part = read(document, pointer)
  const { parent, key } = locate(document, pointer)
  if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else delete parent[key]
  return part
}

function replace(document: unknown, pointer: string, { value, text }: Part): void {
  const { parent, key } = locate(document, pointer)
  child(parent, key, pointer)
  ;(parent as Record<string, unknown>)[key] = value
  setNumberText(parent, key, text)
}

function isWithin(keys: readonly string[], outer: readonly string[]): boolean {
  return keys.length > outer.length && outer.every((key, index) => key === keys[index])
}

function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return one === other
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const entries = Object.entries(one)
  return (
    entries.length === Object.keys(other).length &&
    entries.every(
      ([key, value]) => Object.hasOwn(other, key) && isSame(value, (other as Record<string, unknown>)[key]),
    )
  )
}

/** What the steps of one patch may still make, so that copies of copies end early. */
class Budget {
  #left = MOST_PATCHED

  take(part: Part, path: string): Part {
    this.#left -= jsonSize(part.value, this.#left)
    if (this.#left < 0)
      throw new PatchRefusal(422, 'too-costly', 'The patch makes more than one change may hold', path)
    return part
  }

  takeCopy(part: Part, path: string): Part {
    const { value, text } = this.take(part, path)
    return { value: copyJson(value), text }
  }
}

function apply(document: unknown, step: Step, budget: Budget): void {
  const { op, path, from = '' } = step
  if ((op === 'copy' || op === 'move') && isWithin(keysOf(path), keysOf(from))) throw unfit(path)
  const given = { value: step.value, text: numberText(step, 'value') }
  switch (op) {
    case 'add':
      return add(document, path, budget.takeCopy(given, path))
    case 'remove':
      remove(document, path)
      return
    case 'replace':
      return replace(document, path, budget.takeCopy(given, path))
    case 'copy':
      return add(document, path, budget.takeCopy(read(document, from), path))
    case 'move':
      return add(document, path, remove(document, from))
    default:
      if (!isSame(read(document, path).value, budget.take(given, path).value)) throw unfit(path)
  }
}

/**
 * Applies a JSON Patch to a copy, all of it or nothing; a `PatchRefusal` when it cannot be. Meant for what the caller
 * has been shown, never for hidden fields. Nothing is copied or moved into itself, all steps together make at most
 * `MOST_PATCHED` values, and numbers stay as they were written (`parseJson`).
 * @see https://www.rfc-editor.org/rfc/rfc6902
 */
export function applyPatch<T extends object>(document: T, patch: unknown): T {
  const steps = stepsOf(patch)
  const copy = copyJson(document)
  const budget = new Budget()
  for (const step of steps) apply(copy, step, budget)
  return copy
}
