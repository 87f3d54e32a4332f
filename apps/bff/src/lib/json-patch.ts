import { isDeepStrictEqual } from 'node:util'

import { jsonSize } from './json-size.ts'
import { badRequest, Refusal } from './refusal.ts'

type Container = Record<string, unknown> | unknown[]
type Step = { op: string; path: string; from?: string; value?: unknown }

const MOST_STEPS = 50
/** For everything that the steps of one patch add, copy and compare, as `jsonSize` counts. */
export const MOST_PATCHED = 20_000
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

function unfit(path: string): Refusal {
  return new Refusal(422, 'processing', 'The patch does not fit what is stored', {
    expression: path.slice(0, 100),
  })
}

function stepsOf(patch: unknown): Step[] {
  if (!Array.isArray(patch) || patch.length === 0 || patch.length > MOST_STEPS) {
    throw badRequest(`A JSON Patch is a list of 1 to ${MOST_STEPS} operations`)
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
      throw badRequest('This is not a JSON Patch operation', `[${index}]`)
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

function add(document: unknown, pointer: string, value: unknown): void {
  const { parent, key } = locate(document, pointer)
  if (!Array.isArray(parent)) {
    parent[key] = value
    return
  }
  const index = key === '-' ? parent.length : Number(key)
  if (!/^(-|0|[1-9]\d{0,6})$/.test(key) || index > parent.length) throw unfit(pointer)
  parent.splice(index, 0, value)
}

function remove(document: unknown, pointer: string): unknown {
  const { parent, key } = locate(document, pointer)
  const value = child(parent, key, pointer)
  if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else delete parent[key]
  return value
}

function read(document: unknown, pointer: string): unknown {
  const { parent, key } = locate(document, pointer)
  return child(parent, key, pointer)
}

function isWithin(keys: readonly string[], outer: readonly string[]): boolean {
  return keys.length > outer.length && outer.every((key, index) => key === keys[index])
}

/** What the steps of one patch may still make, so that copies of copies end early. */
class Budget {
  #left = MOST_PATCHED

  take(value: unknown, path: string): unknown {
    this.#left -= jsonSize(value, this.#left)
    if (this.#left < 0)
      throw new Refusal(422, 'too-costly', 'The patch makes more than one change may hold', {
        expression: path.slice(0, 100),
      })
    return value
  }
}

function apply(document: unknown, { op, path, from = '', value }: Step, budget: Budget): void {
  if ((op === 'copy' || op === 'move') && isWithin(keysOf(path), keysOf(from))) throw unfit(path)
  switch (op) {
    case 'add':
      return add(document, path, structuredClone(budget.take(value, path)))
    case 'remove':
      remove(document, path)
      return
    case 'replace': {
      remove(document, path)
      return add(document, path, structuredClone(budget.take(value, path)))
    }
    case 'copy':
      return add(document, path, structuredClone(budget.take(read(document, from), path)))
    case 'move':
      return add(document, path, remove(document, from))
    default:
      if (!isDeepStrictEqual(read(document, path), budget.take(value, path))) throw unfit(path)
  }
}

/**
 * Applies a JSON Patch to a copy, all of it or nothing. Meant for what the caller has been shown, never for hidden fields.
 * Nothing is copied or moved into itself, and all steps together make at most `MOST_PATCHED` values.
 * @see https://www.rfc-editor.org/rfc/rfc6902
 */
export function applyPatch<T extends object>(document: T, patch: unknown): T {
  const steps = stepsOf(patch)
  const copy = structuredClone(document)
  const budget = new Budget()
  for (const step of steps) apply(copy, step, budget)
  return copy
}
