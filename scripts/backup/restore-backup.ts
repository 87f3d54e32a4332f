import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { type FileLock, takeLock } from '../../apps/record/src/store/lock.ts'
import { readRuntime } from '../system/data-folder.ts'
import { Failure } from '../system/failure.ts'
import { checkFile, isSame } from './content.ts'
import { isOtherFile, type Manifest, organizationOf } from './format.ts'
import { decide, finishRestore, type Move, RESTORE_LOCK, STAGING } from './pending.ts'
import { Backup } from './read-backup.ts'

const SPARE_BYTES = 64 * 1024 * 1024

export type RestoreOptions = {
  dataFolder: string
  source: string
  /** Puts what is there now aside instead of refusing. */
  replace: boolean
  /** When given, the backup must have this fingerprint. */
  fingerprint: string | undefined
  onStep: (label: string) => void
  onProgress: (done: number, total: number | undefined, unit: string) => void
}

export type Restored = { manifest: Manifest; fingerprint: string; aside: string | undefined }

/** Reads a backup whole and compares it with what it says of itself; nothing is written. */
export function checkBackup(
  options: Pick<RestoreOptions, 'source' | 'fingerprint' | 'onProgress'>,
): Restored {
  const backup = open(options)
  try {
    backup.verify({ onBytes: megabytes(backup, options) })
    return { manifest: backup.manifest, fingerprint: backup.fingerprint, aside: undefined }
  } finally {
    backup.close()
  }
}

/**
 * Puts a backup in the place of the record. Until every file of it was checked, what is there stays as it is; then all
 * change at once: an interruption is brought to its end by the next command.
 */
export function restoreBackup(options: RestoreOptions): Restored {
  const { dataFolder, onStep } = options
  requireStopped(dataFolder)
  const locks: FileLock[] = []
  const backup = open(options)
  try {
    locks.push(...lockAll(dataFolder, backup.manifest))
    const before = existing(dataFolder)
    if (before.some((name) => organizationOf(name) !== undefined) && !options.replace) {
      throw new Failure(
        `There is a record in ${dataFolder}. To put it aside and restore the backup: npm run restore -- --replace ${options.source}`,
      )
    }
    onStep('Unpacking the backup')
    stage(backup, options)
    onStep('Checking the backup')
    requireContent(join(dataFolder, STAGING), backup, options)
    const aside =
      before.length === 0 ? undefined : `before-restore-${new Date().toISOString().replace(/[:.]/g, '-')}`
    decide(dataFolder, movesOf(before, backup.manifest, aside, join(dataFolder, STAGING)))
    onStep('Putting it in place and reading it again')
    finishRestore(dataFolder)
    requireContent(dataFolder, backup, options)
    return {
      manifest: backup.manifest,
      fingerprint: backup.fingerprint,
      aside: aside === undefined ? undefined : join(dataFolder, aside),
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC'
      ? new Failure(`The disk that holds ${dataFolder} is full; nothing was changed.`)
      : error
  } finally {
    for (const lock of locks) lock.release()
    backup.close()
  }
}

function open({ source, fingerprint }: Pick<RestoreOptions, 'source' | 'fingerprint'>): Backup {
  const backup = new Backup(source)
  if (fingerprint === undefined || fingerprint === backup.fingerprint) return backup
  backup.close()
  throw new Failure(`${source} is another backup: its fingerprint is ${backup.fingerprint}.`)
}

function requireStopped(dataFolder: string): void {
  const running = readRuntime(dataFolder)
  if (running)
    throw new Failure(`Openward runs on ${running.origin} with the data in ${dataFolder}. Stop it first.`)
}

/** No record can start on these files, and no other restore, until the locks go. */
function lockAll(dataFolder: string, manifest: Manifest): FileLock[] {
  mkdirSync(join(dataFolder, 'record'), { recursive: true, mode: 0o700 })
  const names = [...existing(dataFolder), ...manifest.files.map(({ name }) => name)]
  const records = [...new Set(names.filter((name) => organizationOf(name) !== undefined))]
  const locks: FileLock[] = []
  for (const name of [RESTORE_LOCK, ...records]) {
    const lock = takeLock(join(dataFolder, name), 0)
    if (lock) locks.push(lock)
    else {
      for (const taken of locks) taken.release()
      throw new Failure(`The record in ${dataFolder} is in use. Stop what uses it first.`)
    }
  }
  return locks
}

/** What a restore moves away: the files that a backup may hold, SQLite's beside them, and how far imports had come. */
function existing(dataFolder: string): string[] {
  const list = (folder: string) =>
    existsSync(join(dataFolder, folder)) ? readdirSync(join(dataFolder, folder)) : []
  const names = [
    ...list('record').map((name) => `record/${name}`),
    ...list('audit').map((name) => `audit/${name}`),
    ...list('audit/chains').map((name) => `audit/chains/${name}`),
    ...list('.'),
  ]
  return names
    .filter(
      (name) =>
        organizationOf(name.replace(/-(?:wal|shm)$/, '')) !== undefined ||
        isOtherFile(name) ||
        /^import-[0-9a-f]+\.json$/.test(name),
    )
    .toSorted()
}

function stage(backup: Backup, options: RestoreOptions): void {
  const { dataFolder } = options
  const folder = join(dataFolder, STAGING)
  rmSync(folder, { recursive: true, force: true })
  const { bavail, bsize } = statfsSync(dataFolder)
  if (bavail * bsize < backup.bytes + SPARE_BYTES)
    throw new Failure(
      `The disk that holds ${dataFolder} has too little space for the backup; nothing was changed.`,
    )
  try {
    mkdirSync(folder, { mode: 0o700 })
    backup.verify({ into: folder, onBytes: megabytes(backup, options) })
    keepFromPopulating(folder, backup.manifest)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** A record that was restored is never filled with invented people. */
function keepFromPopulating(folder: string, { at, files }: Manifest): void {
  const path = join(folder, 'population.json')
  if (existsSync(path)) return
  const organizations = files.flatMap(({ name }) => organizationOf(name) ?? [])
  writeFileSync(path, JSON.stringify({ size: 'restored', anchorDate: at.slice(0, 10), organizations }), {
    mode: 0o600,
  })
}

/** Reads the records in a folder whole and compares them with what the backup says that they hold. */
function requireContent(
  folder: string,
  { path, manifest }: Backup,
  { dataFolder, onProgress }: RestoreOptions,
): void {
  try {
    for (const { name, content } of manifest.files) {
      if (organizationOf(name) === undefined) continue
      const found = checkFile(join(folder, name), (done) => onProgress(done, content?.versions, 'versions'))
      if (content === undefined || !isSame(found, content))
        throw new Failure('It is not what the backup says.')
    }
  } catch (error) {
    if (folder === dataFolder) throw error
    rmSync(folder, { recursive: true, force: true })
    throw new Failure(`The backup ${path} is damaged or was changed; nothing was restored.`)
  }
  if (folder !== dataFolder) for (const { name } of manifest.files) useLog(join(folder, name))
}

/** Writes by a log from now on, as the record does, under a name that no log of before the restore has. */
function useLog(path: string): void {
  if (!path.endsWith('.sqlite')) return
  const db = new DatabaseSync(path)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'about'").get() !== undefined)
    db.exec("UPDATE about SET v = lower(hex(randomblob(16))) WHERE k = 'id'")
  db.close()
}

function movesOf(before: string[], manifest: Manifest, aside: string | undefined, staging: string): Move[] {
  const names = new Set(manifest.files.map(({ name }) => name))
  if (existsSync(join(staging, 'population.json'))) names.add('population.json')
  return [
    ...before.map((name) => ({ from: name, to: `${aside}/${name}` })),
    ...[...names].map((name) => ({ from: `${STAGING}/${name}`, to: name })),
  ]
}

function megabytes(
  backup: Backup,
  { onProgress }: Pick<RestoreOptions, 'onProgress'>,
): (bytes: number) => void {
  let done = 0
  return (bytes) => {
    done += bytes
    onProgress(Math.round(done / 1024 / 1024), Math.ceil(backup.bytes / 1024 / 1024), 'MB')
  }
}
