import type { Database, Row } from './database.ts'
import type { ParameterNumbers } from './open.ts'

/** What reading and searching need: a connection, the numbers of the parameters, and our own base URL. */
export interface Store {
  db: Database
  numbers: ParameterNumbers
  /** Without a trailing slash. */
  base: string
}

export interface StoredResource {
  pk: number
  version: number
  updatedMs: number
  isDeleted: boolean
  body: string
}

export function findResource(store: Store, type: string, id: string): StoredResource | undefined {
  const row = store.db.get<Row>('SELECT pk, ver, upd, del, body FROM res WHERE rt = ? AND id = ?', type, id)
  if (row === undefined) return undefined
  return {
    pk: row['pk'] as number,
    version: row['ver'] as number,
    updatedMs: row['upd'] as number,
    isDeleted: row['del'] === 1,
    body: row['body'] as string,
  }
}

export interface StoredVersion {
  version: number
  updatedMs: number
  /** How the version came to be; a deletion has no body. */
  method: string
  body: string
}

export function findVersion(
  store: Store,
  type: string,
  id: string,
  version: number,
): StoredVersion | undefined {
  const row = store.db.get<Row>(
    `SELECT ver, upd, method, body FROM hist WHERE rt = ?1 AND id = ?2 AND ver = ?3
     UNION ALL
     SELECT ver, upd, CASE del WHEN 1 THEN 'DELETE' ELSE 'PUT' END, body FROM res WHERE rt = ?1 AND id = ?2 AND ver = ?3`,
    type,
    id,
    version,
  )
  if (row === undefined) return undefined
  return {
    version: row['ver'] as number,
    updatedMs: row['upd'] as number,
    method: row['method'] as string,
    body: row['body'] as string,
  }
}
