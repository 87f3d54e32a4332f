import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider'

type Row = { payload: string; consumed_at: number | null; expires_at: number | null }

const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = normal;
  pragma busy_timeout = 5000;
  create table if not exists entry (
    model text not null,
    id text not null,
    payload text not null,
    grant_id text,
    uid text,
    consumed_at integer,
    expires_at integer,
    primary key (model, id)
  ) without rowid;
  create index if not exists entry_grant on entry (model, grant_id) where grant_id is not null;
  create index if not exists entry_uid on entry (model, uid) where uid is not null;
  create index if not exists entry_expiry on entry (expires_at) where expires_at is not null;
`

function epochSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

export type Store = {
  adapter: (model: string) => Adapter
  /** Removes what has expired; called at start and every few minutes. */
  prune: () => void
  close: () => void
}

/** Sessions, grants and tokens in one SQLite file, so that a restart signs nobody out. No health data. */
export function openStore(dataFolder: string): Store {
  const path = join(dataFolder, 'identity.sqlite')
  // SQLite would create the file readable by others
  closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path)
  database.exec(SCHEMA)
  const upsert = database.prepare(
    `insert into entry (model, id, payload, grant_id, uid, expires_at) values (?, ?, ?, ?, ?, ?)
     on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id,
       uid = excluded.uid, expires_at = excluded.expires_at`,
  )
  const columns = 'payload, consumed_at, expires_at'
  const byId = database.prepare(`select ${columns} from entry where model = ? and id = ?`)
  const byUid = database.prepare(`select ${columns} from entry where model = ? and uid = ?`)
  const consume = database.prepare(
    'update entry set consumed_at = ? where model = ? and id = ? and consumed_at is null',
  )
  const destroy = database.prepare('delete from entry where model = ? and id = ?')
  const revoke = database.prepare('delete from entry where model = ? and grant_id = ?')
  const expire = database.prepare('delete from entry where expires_at < ?')

  function payloadOf(row: Row | undefined): AdapterPayload | undefined {
    if (!row || (row.expires_at !== null && row.expires_at < epochSeconds())) return undefined
    const payload = JSON.parse(row.payload) as AdapterPayload
    return row.consumed_at === null ? payload : { ...payload, consumed: row.consumed_at }
  }

  function adapter(model: string): Adapter {
    return {
      async upsert(id, payload, expiresIn) {
        const expiresAt = expiresIn === undefined ? null : epochSeconds() + expiresIn
        upsert.run(
          model,
          id,
          JSON.stringify(payload),
          payload.grantId ?? null,
          payload.uid ?? null,
          expiresAt,
        )
      },
      async find(id) {
        return payloadOf(byId.get(model, id) as Row | undefined)
      },
      async findByUid(uid) {
        return payloadOf(byUid.get(model, uid) as Row | undefined)
      },
      // the device flow, the only one with user codes, is off
      async findByUserCode() {
        return undefined
      },
      async consume(id) {
        // two requests may have read the same unused code or token at once: only one of them may spend it
        if (consume.run(epochSeconds(), model, id).changes === 0)
          throw new errors.InvalidGrant('already consumed')
      },
      async destroy(id) {
        destroy.run(model, id)
      },
      async revokeByGrantId(grantId) {
        revoke.run(model, grantId)
      },
    }
  }

  function prune(): void {
    expire.run(epochSeconds())
  }
  prune()
  return { adapter, prune, close: () => database.close() }
}
