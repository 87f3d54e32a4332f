import type { SqlPart } from '../parameters/condition.ts'
import type { SqlValue } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { idOf, typeOf } from './body.ts'
import { isByUrl, namedByUrl, namingByUrl } from './by-url.ts'
import { numberOf } from './numbers.ts'
import type { Include, SearchRequest } from './request.ts'

export interface FoundRow {
  pk: number
  body: string
}

/** How much one answer includes at most, and how many references after another it follows. */
const MAX_INCLUDED = 10_000
const MAX_ROUNDS = 50
/** What is included holds so many characters at most. */
const MAX_CHARACTERS = 32_000_000

/** How many characters may still be included. */
interface Room {
  left: number
}

interface Node {
  pk: number
  type: string
  id: string
  body: string
}

/** What _include and _revinclude add to a page, each resource once; `:iterate` also follows what was added. */
export function includedRows(
  store: Store,
  request: Pick<SearchRequest, 'includes' | 'revIncludes'>,
  matches: FoundRow[],
  limit = MAX_INCLUDED,
): { included: FoundRow[]; isCut: boolean } {
  const added: Node[] = []
  if (request.includes.length === 0 && request.revIncludes.length === 0)
    return { included: added, isCut: false }
  const seen = new Set(matches.map((row) => row.pk))
  const characters: Room = { left: MAX_CHARACTERS }
  let frontier: Node[] = matches.map((row) => ({ ...row, type: typeOf(row.body), id: idOf(row.body) }))
  for (let round = 0; frontier.length > 0; round++) {
    const isFirst = round === 0
    const follows = (include: Include) => isFirst || include.iterate
    const steps = [
      ...request.includes.filter(follows).map((include) => ({ include, step: forward })),
      ...request.revIncludes.filter(follows).map((include) => ({ include, step: backward })),
    ]
    if (round === MAX_ROUNDS) return { included: added, isCut: steps.length > 0 }
    const next: Node[] = []
    for (const { include, step } of steps) {
      const room = limit - added.length - next.length
      const found = step(store, include, frontier, { seen: [...seen], limit: room + 1, room: characters })
      const taken = found.slice(0, room)
      for (const node of taken) seen.add(node.pk)
      next.push(...taken)
      if (found.length > room || characters.left < 0) return { included: [...added, ...next], isCut: true }
    }
    added.push(...next)
    frontier = next
  }
  return { included: added, isCut: false }
}

const NODE = 'SELECT res.pk AS pk, res.rt AS type, res.id AS id, res.body AS body FROM'
const UNSEEN = 'res.pk NOT IN (SELECT value FROM json_each(?)) LIMIT ?'

/** What is there already, and how much more may come. */
interface Bounds {
  seen: number[]
  limit: number
  room: Room
}

function forward(store: Store, include: Include, from: Node[], bounds: Bounds): Node[] {
  const isSource = (node: Node) => include.source === '*' || node.type === include.source
  const sources = from.filter(isSource).map((node) => node.pk)
  if (sources.length === 0) return []
  const rows: SqlPart = {
    sql: 'x.r IN (SELECT value FROM json_each(?))',
    args: [JSON.stringify(sources)],
  }
  if (include.code !== '*') {
    rows.sql += ' AND x.p = ?'
    rows.args.push(numberOf(store, include.source, include.code))
  }
  const ofTarget = include.target === undefined ? '' : ' AND x.t = ?'
  const found = readNodes(
    store,
    bounds.room,
    `${NODE} (SELECT DISTINCT x.t AS t, x.i AS i FROM ix_ref x WHERE ${rows.sql}${ofTarget}) l
     CROSS JOIN res ON res.rt = l.t AND res.id = l.i AND res.del = 0 WHERE ${UNSEEN}`,
    ...rows.args,
    ...(include.target === undefined ? [] : [include.target]),
    JSON.stringify(bounds.seen),
    bounds.limit,
  )
  if (!isByUrl(include.source, include.code)) return found
  return [...found, ...more(store, namedByUrl(store, include, rows), found, bounds)]
}

function backward(store: Store, include: Include, from: Node[], bounds: Bounds): Node[] {
  const p = numberOf(store, include.source, include.code)
  const found: Node[] = []
  for (const [type, nodes] of Map.groupBy(from, (node) => node.type)) {
    if (include.target !== undefined && include.target !== type) continue
    const literal = {
      from: 'ix_ref x CROSS JOIN res ON res.pk = x.r',
      where: 'x.p = ? AND x.t = ? AND x.i IN (SELECT value FROM json_each(?))',
      args: [p, type, JSON.stringify(nodes.map((node) => node.id))],
    }
    found.push(...more(store, literal, found, bounds))
    if (!isByUrl(include.source, include.code)) continue
    const pks = nodes.map((node) => node.pk)
    found.push(...more(store, namingByUrl(store, include, type, pks), found, bounds))
  }
  return found
}

/** What is found, without what is there already, up to the limit in all. */
function more(
  store: Store,
  { from, where, args }: { from: string; where: string; args: SqlValue[] },
  found: Node[],
  { seen, limit, room }: Bounds,
): Node[] {
  if (found.length >= limit || room.left < 0) return []
  return readNodes(
    store,
    room,
    `${NODE} (SELECT DISTINCT res.pk AS r FROM ${from} WHERE ${where} AND ${UNSEEN}) l CROSS JOIN res ON res.pk = l.r`,
    ...args,
    JSON.stringify([...seen, ...found.map((node) => node.pk)]),
    limit - found.length,
  )
}

/** As many as there is room for, and the one that is too much. */
function readNodes(store: Store, room: Room, sql: string, ...args: SqlValue[]): Node[] {
  const found: Node[] = []
  for (const node of store.db.iterate<Node>(sql, ...args)) {
    found.push(node)
    room.left -= node.body.length
    if (room.left < 0) break
  }
  return found
}
