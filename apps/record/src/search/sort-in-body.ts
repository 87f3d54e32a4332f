import { findSearchParam } from '../definitions/definitions.ts'
import { isObject } from '../fhir/json.ts'
import { noIndexRows } from '../parameters/index-rows.ts'
import { indexToken } from '../parameters/token.ts'
import { indexUri } from '../parameters/uri.ts'
import { valuesAt } from '../parameters/walk.ts'
import type { Database, SqlValue } from '../store/database.ts'

const ready = new WeakSet<Database>()

/**
 * Lets SQL ask a stored body for the value that a token or URI parameter sorts by, which no index finds by resource. For
 * few resources this is less than reading the parameter's whole index; the value is the one that the index has.
 */
export function offerFirstOf(db: Database): void {
  if (ready.has(db)) return
  ready.add(db)
  db.raw.function('first_of', { deterministic: true }, (body, type, code, isDescending) =>
    firstOf(String(body), String(type), String(code), isDescending === 1),
  )
}

function firstOf(body: string, type: string, code: string, isDescending: boolean): SqlValue {
  const resource: unknown = JSON.parse(body)
  const param = findSearchParam(type, code)
  if (param === undefined || !isObject(resource)) return null
  const rows = noIndexRows()
  for (const path of param.paths)
    for (const value of valuesAt(resource, path.steps)) {
      if (param.type === 'token') indexToken(0, value, path.type, rows)
      else indexUri(0, value, rows)
    }
  const values = [...rows.tok, ...rows.uri].map(([, value]) => value).filter((value) => value !== '')
  // As the database compares texts.
  const ordered = values.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return ordered.at(isDescending ? -1 : 0) ?? null
}
