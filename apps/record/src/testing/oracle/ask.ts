import type { TypedValue } from '@medplum/core'
import type { OfficialParameter } from './definitions.ts'
import { impliedSystems } from './implied-systems.ts'
import { localTarget, textsOf, tokensOf } from './match.ts'

function escaped(text: string): string {
  return text.replace(/[\\,|$]/g, (char) => `\\${char}`)
}

/** Every way to ask for a value that a parameter found: modifier and value. */
export function questionsFor(
  parameter: OfficialParameter,
  found: TypedValue,
  base: string,
): { modifier?: string; value: string }[] {
  switch (parameter.type) {
    case 'token':
      return [
        ...tokensOf(found).flatMap(tokenQuestions),
        ...impliedSystems(found).map((system) => ({ value: `${system}|${escaped(String(found.value))}` })),
      ]
    case 'string':
      return textsOf(found).flatMap(textQuestions)
    case 'date':
      return (found.type === 'string' ? [] : timesIn(found.value)).flatMap((text) =>
        ['', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'].map((prefix) => ({ value: prefix + text })),
      )
    case 'number':
    case 'quantity':
      return amountQuestions(parameter, found)
    case 'uri':
      return [
        { value: escaped(found.value) },
        { modifier: 'below', value: escaped(found.value) },
        { modifier: 'above', value: escaped(found.value) },
        { modifier: 'above', value: escaped(`${found.value}/more`) },
      ]
    default:
      return referenceQuestions(found, base)
  }
}

function tokenQuestions({ system, code }: { system: string | undefined; code: string | undefined }) {
  const questions: { modifier?: string; value: string }[] = []
  if (code !== undefined) {
    const both = `${escaped(system ?? '')}|${escaped(code)}`
    questions.push({ value: escaped(code) }, { value: both }, { modifier: 'not', value: both })
  }
  if (system !== undefined) questions.push({ value: `${escaped(system)}|` })
  return questions
}

function textQuestions(text: string): { modifier?: string; value: string }[] {
  const chars = Array.from(text.slice(0, 400))
  const start = chars.slice(0, Math.ceil(chars.length / 2)).join('')
  const middle = chars.slice(Math.floor(chars.length / 3), Math.ceil((2 * chars.length) / 3)).join('')
  return [
    { value: chars.join('') },
    { value: start },
    { value: text.slice(0, 400).toUpperCase() },
    { modifier: 'exact', value: chars.join('') },
    { modifier: 'contains', value: middle },
  ]
    .map((question) => ({ ...question, value: escaped(question.value.toWellFormed()) }))
    .filter(({ value }) => value !== '')
}

interface Times {
  start?: string
  end?: string
  event?: string[]
  repeat?: { boundsPeriod?: Times }
}

function timesIn(value: string | Times | undefined): string[] {
  if (value === undefined || typeof value === 'string') return value === undefined ? [] : [value]
  return [value.start, value.end, ...(value.event ?? [])]
    .filter((text) => text !== undefined)
    .concat(timesIn(value.repeat?.boundsPeriod))
}

function amountQuestions(parameter: OfficialParameter, { value }: TypedValue): { value: string }[] {
  const prefixes = ['', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']
  const quantities = typeof value === 'number' ? [{ value }] : [value, value.low, value.high]
  return quantities
    .filter((one) => one?.value !== undefined)
    .flatMap((one) => {
      const written = String(one.value)
      const finer = written.includes('e') ? [] : [written.includes('.') ? `${written}0` : `${written}.0`]
      const numbers = [...prefixes.map((prefix) => prefix + written), ...finer]
      const code = one.code ?? one.currency ?? one.unit
      if (parameter.type === 'number' || code === undefined) return numbers
      return [
        ...numbers,
        `${one.value}||${escaped(code)}`,
        `ge${one.value}|${escaped(one.system ?? '')}|${escaped(code)}`,
        ...(one.currency === undefined ? [] : [`${one.value}|urn:iso:std:iso:4217|${escaped(code)}`]),
        ...(one.unit === undefined ? [] : [`${one.value}||${escaped(one.unit)}`]),
      ]
    })
    .map((text) => ({ value: text }))
}

function referenceQuestions(found: TypedValue, base: string): { modifier?: string; value: string }[] {
  const questions: { modifier?: string; value: string }[] = []
  const local = localTarget(found, base)
  const text = found.type === 'Reference' ? found.value.reference : found.value
  if (local !== undefined) {
    const { type, id } = local
    questions.push({ value: `${type}/${id}` }, { value: id }, { modifier: type, value: id })
    questions.push({ value: `${base}/${type}/${id}` })
  } else if (typeof text === 'string' && /^[a-z]+:/.test(text)) {
    questions.push({ value: escaped(text) }, { value: escaped(text.split('|')[0] ?? text) })
  }
  const identifier = found.type === 'Reference' ? found.value.identifier : undefined
  if (identifier?.value !== undefined)
    questions.push({
      modifier: 'identifier',
      value: `${escaped(identifier.system ?? '')}|${escaped(identifier.value)}`,
    })
  return questions
}
