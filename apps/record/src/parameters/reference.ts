import { isObject, type Json } from '../fhir/json.ts'
import { isResourceType } from '../definitions/definitions.ts'
import { ID_PATTERN, parseLocalReference } from '../fhir/references.ts'
import { badValue, anyOf, inList, unescape, type IndexCondition } from './condition.ts'
import type { IndexRows } from './index-rows.ts'
import { tokenCondition } from './token.ts'

/** What a type contradicts: an id that nothing has. */
const NOWHERE = { type: undefined, id: '' }

/** In the column of the type stand a type for what is ours, nothing for what is not, and `|version` for a canonical. */
export function indexReference(p: number, value: Json, base: string, rows: IndexRows): void {
  if (typeof value === 'string') {
    const [url = '', version = ''] = value.split(/\|(.*)/s)
    if (url !== '' && !value.startsWith('#')) rows.ref.push([p, url, `|${version}`])
    return
  }
  if (!isObject(value)) return
  if (typeof value['resourceType'] === 'string' && typeof value['id'] === 'string') {
    rows.ref.push([p, value['id'], value['resourceType']])
    return
  }
  const reference = value['reference']
  if (typeof reference === 'string' && reference !== '' && !reference.startsWith('#')) {
    const local = parseLocalReference(reference, base)
    if (local !== undefined) rows.ref.push([p, local.id, local.type])
    else if (!ID_PATTERN.test(reference)) rows.ref.push([p, reference, ''])
  }
  const identifier = value['identifier']
  if (isObject(identifier) && typeof identifier['value'] === 'string') {
    rows.tok.push([
      p,
      identifier['value'],
      typeof identifier['system'] === 'string' ? identifier['system'] : '',
    ])
  }
}

/**
 * `Type/id`, `id`, or a URL, which as a canonical may end with `|version`; `:Type` gives the type of plain ids;
 * `:identifier` looks at Reference.identifier.
 */
export function referenceCondition(
  p: number,
  code: string,
  values: string[],
  modifier: string | undefined,
  base: string,
  isSingle: boolean,
): IndexCondition {
  if (modifier === 'identifier') return tokenCondition(p, values)
  const parsed = values.map((value) => parseReference(code, unescape(value), modifier, base))
  const ids = parsed.map((one) => one.id)
  const byType = Map.groupBy(parsed, (one) => one.type)
  const narrow = (alias: string) => inList(`${alias}.i`, ids)
  const ofType = (alias: string, type: string | undefined, list: string[] | undefined) => {
    const isOfType = type === undefined ? { sql: '1', args: [] } : { sql: `${alias}.t = ?`, args: [type] }
    if (list === undefined) return isOfType
    const within = inList(`${alias}.i`, list)
    return { sql: `(${within.sql} AND ${isOfType.sql})`, args: [...within.args, ...isOfType.args] }
  }
  const exact = (alias: string) => {
    const groups = [...byType]
    return anyOf(
      groups.map(([type, list]) =>
        ofType(alias, type, groups.length === 1 ? undefined : list.map((one) => one.id)),
      ),
    )
  }
  return {
    table: 'ix_ref',
    where: (alias) => `${alias}.p = ? AND ${narrow(alias).sql} AND ${exact(alias).sql}`,
    args: [p, ...narrow('x').args, ...exact('x').args],
    isProbeCheap: true,
    canRepeat: !isSingle && (ids.length > 1 || byType.has(undefined)),
  }
}

/** The id that a value names, and its type: undefined when any will do, '' for what is not ours. */
export function parseReference(
  code: string,
  value: string,
  modifier: string | undefined,
  base: string,
): { type: string | undefined; id: string } {
  const local = parseLocalReference(value, base)
  if (local !== undefined) return modifier === undefined || modifier === local.type ? local : NOWHERE
  if (modifier !== undefined) {
    if (!isResourceType(modifier) || !ID_PATTERN.test(value)) throw badValue(code, 'reference')
    return { type: modifier, id: value }
  }
  if (value === '') throw badValue(code, 'reference')
  if (ID_PATTERN.test(value)) return { type: undefined, id: value }
  const [url = '', version] = value.split(/\|(.*)/s)
  return { type: version === undefined ? undefined : `|${version}`, id: url }
}
