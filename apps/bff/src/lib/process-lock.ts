import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A lock of this start of the process, under an id that no other start ever has. */
export type OwnLock = { id: string; release: () => void }

function pathOf(folder: string, id: string): string {
  return join(folder, `${id}.lock`)
}

const SURELY_TAKEN_MS = 60_000

/** What processes that were killed left; a lock so young that it may not be held yet is let be. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const id = /^([0-9a-f-]{36})\.lock$/.exec(name)?.[1]
    if (id === undefined) continue
    const stats = statSync(join(folder, name), { throwIfNoEntry: false })
    if (stats && Date.now() - stats.mtimeMs > SURELY_TAKEN_MS) isHeld(folder, id)
  }
}

/**
 * Locks a file of its own for as long as this process lives: the operating system lets it go however the process ends.
 * SQLite is what Node has for locking files.
 */
export function takeLock(folder: string): OwnLock {
  sweep(folder)
  const id = randomUUID()
  const path = pathOf(folder, id)
  const database = new DatabaseSync(path)
  database.exec('BEGIN EXCLUSIVE')
  function release(): void {
    if (!database.isOpen) return
    database.close()
    rmSync(path, { force: true })
  }
  return { id, release }
}

/** Whether the process of this start still lives. What a dead one left of its lock is taken away. */
export function isHeld(folder: string, id: string): boolean {
  const path = pathOf(folder, id)
  if (!existsSync(path)) return false
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch {
    return true
  } finally {
    database.close()
  }
  rmSync(path, { force: true })
  return false
}
