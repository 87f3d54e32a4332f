import { inList } from '../parameters/condition.ts'
import type { Store } from '../store/store.ts'
import { numberOf } from './numbers.ts'
import type { Include, SearchRequest } from './request.ts'

export interface FoundRow {
  pk: number
  body: string
}

const MAX_ROUNDS = 5
const MAX_INCLUDED = 10_000

interface Node {
  pk: number
  type: string
  id: string
  body: string
}

/** What _include and _revinclude add to a page, each resource once; `:iterate` also follows what was added. */
export function includedRows(store: Store, request: SearchRequest, matches: FoundRow[]): FoundRow[] {
  if (request.includes.length === 0 && request.revIncludes.length === 0) return []
  const seen = new Set(matches.map((row) => row.pk))
  const added: Node[] = []
  let frontier = nodesOf(store, [...seen])
  for (let round = 0; round < MAX_ROUNDS && frontier.length > 0; round++) {
    const isFirst = round === 0
    const next: Node[] = []
    const take = (nodes: Node[]) => {
      for (const node of nodes) {
        if (seen.has(node.pk) || added.length + next.length >= MAX_INCLUDED) continue
        seen.add(node.pk)
        next.push(node)
      }
    }
    for (const include of request.includes)
      if (isFirst || include.iterate) take(forward(store, include, frontier))
    for (const include of request.revIncludes)
      if (isFirst || include.iterate) take(backward(store, include, frontier))
    added.push(...next)
    frontier = next
  }
  return added
}

const NODE = 'SELECT DISTINCT res.pk AS pk, res.rt AS type, res.id AS id, res.body AS body FROM'

function nodesOf(store: Store, pks: number[]): Node[] {
  const list = inList('res.pk', pks)
  return pks.length === 0 ? [] : store.db.all<Node>(`${NODE} res WHERE ${list.sql}`, ...list.args)
}

function forward(store: Store, include: Include, from: Node[]): Node[] {
  const p = numberOf(store, include.source, include.code)
  const sources = from.filter((node) => node.type === include.source).map((node) => node.pk)
  if (sources.length === 0) return []
  const target = include.target === undefined ? '' : ' AND x.t = ?'
  return store.db.all<Node>(
    `${NODE} (SELECT DISTINCT x.t AS t, x.i AS i FROM ix_ref x WHERE x.r IN (SELECT value FROM json_each(?)) AND x.p = ?${target}) l
     CROSS JOIN res ON res.rt = l.t AND res.id = l.i AND res.del = 0`,
    JSON.stringify(sources),
    p,
    ...(include.target === undefined ? [] : [include.target]),
  )
}

function backward(store: Store, include: Include, from: Node[]): Node[] {
  const p = numberOf(store, include.source, include.code)
  const byType = Map.groupBy(from, (node) => node.type)
  return [...byType].flatMap(([type, nodes]) =>
    include.target !== undefined && include.target !== type
      ? []
      : store.db.all<Node>(
          `${NODE} ix_ref x CROSS JOIN res ON res.pk = x.r WHERE x.p = ? AND x.t = ? AND x.i IN (SELECT value FROM json_each(?))`,
          p,
          type,
          JSON.stringify(nodes.map((node) => node.id)),
        ),
  )
}
