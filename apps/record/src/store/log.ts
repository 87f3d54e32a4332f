import type { Database } from './database.ts'

/** Pages that may gather in the write-ahead log before they are taken into the file: many, as most are written again soon. */
const LONG_LOG_PAGES = 4000

/**
 * The write-ahead log of a file that is open for writing. It is taken into the file between commits, when nobody waits,
 * and it holds the name of its file from its first commit on: beside another file it is known to be foreign.
 */
export class Log {
  readonly #db: Database
  #isNamed = true

  /** `openForWriting` has named the log. */
  constructor(db: Database) {
    this.#db = db
  }

  /** To be called in every transaction. */
  beforeCommit(): void {
    if (!this.#isNamed) nameLog(this.#db)
    this.#isNamed = true
  }

  /** To be called after every transaction. A reader that stays long keeps the log growing until it goes. */
  afterCommit(): void {
    if ((this.#checkpoint('NOOP').log ?? 0) < LONG_LOG_PAGES) return
    const { log, checkpointed } = this.#checkpoint('PASSIVE')
    if (log === checkpointed) this.#isNamed = false
  }

  #checkpoint(mode: 'NOOP' | 'PASSIVE'): { log?: number; checkpointed?: number } {
    return this.#db.get(`PRAGMA wal_checkpoint(${mode})`) ?? {}
  }
}

/** Writes the page that holds the file's `id`, so that it is in the log. */
export function nameLog(db: Database): void {
  db.run("INSERT OR REPLACE INTO about (k, v) VALUES ('log', lower(hex(randomblob(16))))")
}
