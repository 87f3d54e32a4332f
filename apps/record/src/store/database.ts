import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { FileLock } from './lock.ts'

export type SqlValue = string | number | null
export type Row = Record<string, SqlValue>

const STATEMENTS_KEPT = 400

/** One connection with its prepared statements. All SQL goes through `all`, `get` and `run`, values by parameters only. */
export class Database {
  readonly raw: DatabaseSync
  readonly #lock: FileLock | undefined
  readonly #statements = new Map<string, StatementSync>()

  /** A `lock` is let go after the file is closed. */
  constructor(file: string | URL, options: { readOnly: boolean }, lock?: FileLock) {
    this.#lock = lock
    this.raw = new DatabaseSync(file, { readOnly: options.readOnly, timeout: 5000 })
  }

  all<T = Row>(sql: string, ...args: SQLInputValue[]): T[] {
    return this.#prepare(sql).all(...args) as T[]
  }

  get<T = Row>(sql: string, ...args: SQLInputValue[]): T | undefined {
    return this.#prepare(sql).get(...args) as T | undefined
  }

  /** Row by row, for what is too long to hold; nothing else may use the connection meanwhile. */
  iterate<T = Row>(sql: string, ...args: SQLInputValue[]): Iterable<T> {
    return this.#prepare(sql).iterate(...args) as Iterable<T>
  }

  run(sql: string, ...args: SQLInputValue[]): { lastInsertRowid: number | bigint; changes: number | bigint } {
    return this.#prepare(sql).run(...args)
  }

  /** Runs reads that must all see the file at one moment; inside a transaction they do already. */
  snapshot<T>(read: () => T): T {
    if (this.raw.isTransaction) return read()
    this.run('BEGIN')
    try {
      return read()
    } finally {
      this.run('COMMIT')
    }
  }

  exec(sql: string): void {
    this.raw.exec(sql)
  }

  close(): void {
    this.#statements.clear()
    this.raw.close()
    this.#lock?.release()
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) {
      // The one used last stands last: searches of ever new shapes do not push out what every request needs.
      this.#statements.delete(sql)
      this.#statements.set(sql, known)
      return known
    }
    if (this.#statements.size >= STATEMENTS_KEPT) {
      const oldest = this.#statements.keys().next()
      if (!oldest.done) this.#statements.delete(oldest.value)
    }
    const statement = this.raw.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}
