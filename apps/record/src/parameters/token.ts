import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import type { SqlValue } from '../store/database.ts'
import { anyOf, inList, splitUnescaped, unescape, type IndexCondition } from './condition.ts'
import type { IndexRows } from './index-rows.ts'

export function indexToken(p: number, value: Json, type: string, rows: IndexRows): void {
  if (type === 'deceased') {
    const patient = value as JsonObject
    const isDeceased = patient['deceasedBoolean'] === true || patient['deceasedDateTime'] !== undefined
    rows.tok.push([p, String(isDeceased), ''])
  } else if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') {
    rows.tok.push([p, String(value), ''])
  } else if (isObject(value)) {
    if (type === 'CodeableConcept') {
      const codings = value['coding']
      if (Array.isArray(codings))
        for (const coding of codings) if (isObject(coding)) push(p, coding['code'], coding['system'], rows)
    } else if (type === 'Identifier') push(p, value['value'], value['system'], rows)
    else if (type === 'ContactPoint') push(p, value['value'], undefined, rows)
    else push(p, value['code'], value['system'], rows)
  }
}

function push(p: number, code: Json | undefined, system: Json | undefined, rows: IndexRows): void {
  if (typeof code !== 'string' && typeof system !== 'string') return
  rows.tok.push([p, typeof code === 'string' ? code : '', typeof system === 'string' ? system : ''])
}

/** `code`, `system|code`, `system|` (any code), `|code` (no system). */
export function tokenCondition(p: number, values: string[], isSingle = false): IndexCondition {
  const tokens = values.map(parseToken)
  const codes = tokens.map((token) => token.code)
  const hasOnlyCodes = tokens.every((token) => token.system === undefined)
  const isProbeCheap = codes.every((code) => code !== undefined)
  const parts = tokens.map(({ system, code }) => ({ system, code }))
  const build = (alias: string): { sql: string; args: SqlValue[] } => {
    const narrow = isProbeCheap ? inList(`${alias}.v`, codes as string[]) : undefined
    if (hasOnlyCodes && narrow !== undefined) return narrow
    const exact = anyOf(parts.map((part) => exactly(alias, part)))
    return narrow === undefined
      ? exact
      : { sql: `${narrow.sql} AND ${exact.sql}`, args: [...narrow.args, ...exact.args] }
  }
  return {
    table: 'ix_tok',
    where: (alias) => `${alias}.p = ? AND ${build(alias).sql}`,
    args: [p, ...build('x').args],
    isProbeCheap,
    canRepeat: !isSingle,
  }
}

function exactly(
  alias: string,
  token: { system: string | undefined; code: string | undefined },
): { sql: string; args: SqlValue[] } {
  if (token.code === undefined) return { sql: `${alias}.s = ?`, args: [token.system ?? ''] }
  if (token.system === undefined) return { sql: `${alias}.v = ?`, args: [token.code] }
  return { sql: `(${alias}.v = ? AND ${alias}.s = ?)`, args: [token.code, token.system] }
}

function parseToken(value: string): { system: string | undefined; code: string | undefined } {
  const [first, second] = splitUnescaped(value, '|').map(unescape)
  if (second === undefined) return { system: undefined, code: first ?? '' }
  return { system: first ?? '', code: second === '' ? undefined : second }
}
