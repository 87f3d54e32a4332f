import { definitions } from '../definitions/definitions.ts'
import type { SqlPart } from '../parameters/condition.ts'
import type { Store } from '../store/store.ts'
import { numberOf } from './numbers.ts'
import type { Include } from './request.ts'

/** The version that a canonical asks for, if any, is the version of what has its URL. */
const SAME_VERSION = `(x.t = '|' OR EXISTS (SELECT 1 FROM ix_tok k WHERE k.p IN (SELECT value FROM json_each(?)) AND k.v = substr(x.t, 2) AND k.r = u.r))`

/** Can a parameter (or `*`, one of them) refer by the URL that another resource says is its own? */
export function isByUrl(source: string, code: string): boolean {
  if (code === '*') return true
  const param = definitions.search[source]?.[code]
  return param?.paths.some((path) => path.type === 'canonical' || path.type === 'uri') === true
}

/** Has the type a URL of its own? (The parameter `url` of a Subscription is where it sends to.) */
export function hasOwnUrl(type: string): boolean {
  return definitions.search[type]?.['url']?.paths.some(({ steps }) => steps.join('.') === 'url') === true
}

/** From rows `x` of `ix_ref` that are canonicals to the numbers of what they mean. */
export function namedByUrl(
  store: Store,
  { target }: Pick<Include, 'target'>,
  rows: SqlPart,
): { from: string; where: string; args: SqlPart['args'] } {
  const types = (target === undefined ? definitions.resourceTypes : [target]).filter(hasOwnUrl)
  return {
    from: 'ix_ref x CROSS JOIN ix_uri u ON u.p IN (SELECT value FROM json_each(?)) AND u.v = x.i CROSS JOIN res ON res.pk = u.r',
    where: `${rows.sql} AND substr(x.t, 1, 1) = '|' AND ${SAME_VERSION}`,
    args: [numbersOf(store, types, 'url'), ...rows.args, numbersOf(store, types, 'version')],
  }
}

/** From resources of a type to the numbers of those that name them by their URL. */
export function namingByUrl(
  store: Store,
  include: Include,
  type: string,
  pks: number[],
): { from: string; where: string; args: SqlPart['args'] } {
  return {
    from: 'ix_uri u CROSS JOIN ix_ref x ON x.p = ? AND x.i = u.v CROSS JOIN res ON res.pk = x.r',
    where: `u.p = ? AND u.r IN (SELECT value FROM json_each(?)) AND substr(x.t, 1, 1) = '|' AND ${SAME_VERSION}`,
    args: [
      numberOf(store, include.source, include.code),
      numberOf(store, type, 'url'),
      JSON.stringify(pks),
      numbersOf(store, [type], 'version'),
    ],
  }
}

function numbersOf(store: Store, types: string[], code: string): string {
  const known = types.filter((type) => definitions.search[type]?.[code] !== undefined)
  return JSON.stringify(known.map((type) => numberOf(store, type, code)))
}
