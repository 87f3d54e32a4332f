/** The source text of the numbers of one object or list, by key. */
type NumberTexts = Map<string, string>
type Holder = Record<string, unknown> | unknown[]
type RawJson = (text: string) => unknown
type Reviver = (this: Holder, key: string, value: unknown, context?: { source?: string }) => unknown

const rawJson = (JSON as { rawJSON?: RawJson }).rawJSON
const texts = new WeakMap<object, NumberTexts>()

const NUMBER_END = /\d[\s,}\]]/g
/** With fewer digits than this, a whole number is always printed as it was written. */
const SAFE_DIGITS = 16

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** One of `.+-eE`. */
function isMark(code: number): boolean {
  return code === 46 || code === 43 || code === 45 || code === 101 || code === 69
}

function lastBefore(text: string, at: number): number {
  let before = at - 1
  while (before >= 0 && text.charCodeAt(before) <= 32) before--
  return before
}

/** Can a value begin here? Most digits inside texts can be told from numbers by what stands before them. */
function isPlaceOfValue(text: string, at: number): boolean {
  const before = lastBefore(text, at)
  const sign = text[before]
  return sign === ':' ? text[lastBefore(text, before)] === '"' : before < 0 || sign === ',' || sign === '['
}

/** Might a number of this JSON be printed otherwise than it is written (1.00, 1e3, more digits than a double has)? */
function holdsOddNumber(text: string): boolean {
  NUMBER_END.lastIndex = 0
  while (NUMBER_END.test(text)) {
    const end = NUMBER_END.lastIndex - 1
    let start = end - 1
    while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--
    if (end - start < SAFE_DIGITS && !isMark(text.charCodeAt(start - 1))) continue
    while (start > 0 && (isDigit(text.charCodeAt(start - 1)) || isMark(text.charCodeAt(start - 1)))) start--
    const token = text.slice(start, end)
    const value = Number(token)
    if (!Number.isNaN(value) && String(value) !== token && isPlaceOfValue(text, start)) return true
  }
  return false
}

/** What `JSON.stringify` writes for a holder of such numbers: each that still has its value as it was written. */
function toJson(this: Holder): unknown {
  const copy = (Array.isArray(this) ? [...(this as unknown[])] : { ...this }) as Record<string, unknown>
  for (const [key, text] of texts.get(this) ?? []) {
    if (Object.is(copy[key], Number(text))) copy[key] = rawJson?.(text)
  }
  return copy
}

/** Steps of one parse: one for each value, more for one that is remembered. A body of 20 MB that anyone means has fewer. */
const MOST_STEPS = 3_000_000
const STEPS_TO_REMEMBER = 5

/** The text is JSON, but to keep its numbers as they are written would take too long. */
export class TooManyNumbers extends RangeError {
  override readonly name = 'TooManyNumbers'
}

function rememberer(mostSteps: number): Reviver {
  let left = mostSteps
  return function (key, value, context) {
    const text = context?.source
    const isOdd = typeof value === 'number' && text !== undefined && String(value) !== text
    left -= isOdd ? STEPS_TO_REMEMBER : 1
    if (left < 0) throw new TooManyNumbers('Too many numbers')
    if (isOdd) setNumberText(this, key, text)
    return value
  }
}

/**
 * `JSON.parse` that loses nothing of a number: it stays a number, and `JSON.stringify` writes it as it was written
 * (1.00, 1e3, 12345678901234567890.5) as long as it stays in the object that held it. Engines without `JSON.rawJSON`
 * parse as ever. Throws a SyntaxError for what is no JSON, and `TooManyNumbers`.
 * @see https://hl7.org/fhir/R4/datatypes.html#decimal
 */
export function parseJson(text: string, mostSteps = MOST_STEPS): unknown {
  if (rawJson === undefined || !holdsOddNumber(text)) return JSON.parse(text)
  return JSON.parse(text, rememberer(mostSteps) as (key: string, value: unknown) => unknown)
}

/** How the number at `key` was written, when `JSON.stringify` alone would write it otherwise. */
export function numberText(holder: object, key: string): string | undefined {
  return texts.get(holder)?.get(key)
}

/** Sets how the number at `key` is written; without a text, as JavaScript does. */
export function setNumberText(holder: object, key: string, text: string | undefined): void {
  const own = texts.get(holder)
  if (text === undefined) own?.delete(key)
  else if (own !== undefined) own.set(key, text)
  else if (!Object.hasOwn(holder, 'toJSON')) {
    texts.set(holder, new Map([[key, text]]))
    Object.defineProperty(holder, 'toJSON', { value: toJson })
  }
}

/** For an object made of the properties of another: its numbers are written as they were there. */
export function keepNumberTexts<T extends object>(from: object, to: T): T {
  for (const [key, text] of texts.get(from) ?? []) setNumberText(to, key, text)
  return to
}

/** A copy that shares nothing with the original, its numbers written alike. */
export function copyJson<T>(value: T): T {
  return parseJson(JSON.stringify(value)) as T
}
