import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export interface FileLock {
  release: () => void
}

/**
 * Holds `<file>-lock` for as long as this process lives; the operating system lets it go however the process ends.
 * Undefined when somebody else holds it for longer than we wait. SQLite is what Node has for locking files.
 */
export function takeLock(file: string, waitMs: number): FileLock | undefined {
  closeSync(openSync(`${file}-lock`, 'a', 0o600))
  const lock = new DatabaseSync(`${file}-lock`, { timeout: waitMs })
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (error instanceof Error && /locked|busy/i.test(error.message)) return undefined
    throw error
  }
  return {
    release: () => {
      if (lock.isOpen) lock.close()
    },
  }
}
