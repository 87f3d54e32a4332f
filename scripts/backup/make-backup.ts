import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'

import { SCHEMA_VERSION } from '../../apps/record/src/store/schema.ts'
import { Failure } from '../system/failure.ts'
import { ArchiveWriter } from './archive.ts'
import { checkFile, isSame, readContent } from './content.ts'
import {
  type BackupFile,
  FORMAT_VERSION,
  isOtherFile,
  MANIFEST,
  MANIFEST_HASH,
  manifestHashLine,
  type Manifest,
  organizationOf,
} from './format.ts'
import { Backup } from './read-backup.ts'

const PAGES_PER_STEP = 2000
const SPARE_BYTES = 64 * 1024 * 1024

export type BackupEvents = {
  onStep: (label: string) => void
  onProgress: (done: number, total: number | undefined, unit: string) => void
}

export type MadeBackup = { manifest: Manifest; fingerprint: string; bytes: number }

/**
 * Writes one archive with the record of every organization, each as it is at one moment, while the record may run and be
 * written to. It gets its name only after it was read back.
 */
export async function makeBackup(
  dataFolder: string,
  target: string,
  events: BackupEvents,
): Promise<MadeBackup> {
  const records = recordsOf(dataFolder)
  requireTarget(target, records)
  const work = workFolder(target)
  try {
    const partial = join(work, 'backup')
    const manifest = await writeArchive(dataFolder, records, work, partial, events)
    events.onStep('Reading the backup back')
    const fingerprint = readBack(partial, events)
    publish(partial, target)
    return { manifest, fingerprint, bytes: statSync(target).size }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' || /disk is full/.test((error as Error).message)
      ? new Failure(`The disk that holds ${target} is full; no backup was made.`)
      : error
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function recordsOf(dataFolder: string): string[] {
  const folder = join(dataFolder, 'record')
  const names = existsSync(folder) ? readdirSync(folder).toSorted() : []
  const found = names.filter((name) => organizationOf(`record/${name}`) !== undefined)
  if (found.length === 0) throw new Failure(`There is no record in ${dataFolder}.`)
  return found.map((name) => join(folder, name))
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function requireTarget(target: string, records: string[]): void {
  const folder = dirname(target)
  if (existsSync(target))
    throw new Failure(`${target} exists already. Backups are never overwritten: choose another name.`)
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Failure(`There is no folder ${folder}.`)
  const sizes = records.map((path) => sizeOf(path) + sizeOf(`${path}-wal`))
  const needed = sizes.reduce((sum, size) => sum + size, 0) + Math.max(...sizes) + SPARE_BYTES
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < needed) {
    const megabytes = Math.ceil(needed / 1024 / 1024).toLocaleString('en')
    throw new Failure(
      `The disk that holds ${folder} has too little space: the backup needs ${megabytes} MB while it is made.`,
    )
  }
}

/** A folder beside the target, for this process only. What a killed backup left is taken away. */
function workFolder(target: string): string {
  const prefix = `.${basename(target)}.making-`
  try {
    for (const name of readdirSync(dirname(target))) {
      const pid = Number(name.startsWith(prefix) ? name.slice(prefix.length) : Number.NaN)
      if (pid > 0 && !isAlive(pid)) rmSync(join(dirname(target), name), { recursive: true, force: true })
    }
    const folder = join(dirname(target), `${prefix}${process.pid}`)
    mkdirSync(folder, { mode: 0o700 })
    return folder
  } catch {
    throw new Failure(
      `Nothing can be written to ${dirname(target)}. Give yourself write permission, or choose another folder.`,
    )
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function writeArchive(
  dataFolder: string,
  records: string[],
  work: string,
  partial: string,
  events: BackupEvents,
): Promise<Manifest> {
  const at = new Date()
  const files: BackupFile[] = []
  const archive = new ArchiveWriter(partial, at)
  try {
    // Audit events on their way come first: one that arrives meanwhile is then in both, and is stored once.
    for (const { name, content } of otherFiles(dataFolder))
      files.push({ name, ...archive.addBytes(name, content) })
    for (const path of records) {
      const name = `record/${basename(path)}`
      const copy = join(work, 'copy.sqlite')
      events.onStep(`Copying the record of ${organizationOf(name)}`)
      const content = await snapshot(path, copy, events)
      files.push({ name, ...archive.addFile(name, copy), content })
      rmSync(copy)
    }
    const manifest: Manifest = {
      format: 'openward-backup',
      version: FORMAT_VERSION,
      at: at.toISOString(),
      files,
    }
    const { sha256 } = archive.addBytes(MANIFEST, Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`))
    archive.addBytes(MANIFEST_HASH, Buffer.from(manifestHashLine(sha256)))
    archive.finish()
    return manifest
  } catch (error) {
    archive.close()
    throw error
  }
}

function otherFiles(dataFolder: string): { name: string; content: Buffer }[] {
  const list = (folder: string) => {
    const path = join(dataFolder, folder)
    return existsSync(path) ? readdirSync(path).map((name) => `${folder}/${name}`) : []
  }
  // An event goes from the spool to the record, and its link to the chains: in this order none is missed on its way.
  const names = [
    'links.json',
    'population.json',
    ...list('audit').toSorted(),
    ...list('audit/chains').toSorted(),
  ]
  return names.filter(isOtherFile).flatMap((name) => {
    try {
      const content = readFileSync(join(dataFolder, name))
      // A line that is being written is not whole yet; whoever waits for it was not answered.
      return [
        {
          name,
          content: name.startsWith('audit/') ? content.subarray(0, content.lastIndexOf(10) + 1) : content,
        },
      ]
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  })
}

/** Copies the pages of one moment: a read transaction holds it, so that writes neither wait nor get in. */
async function snapshot(
  path: string,
  copy: string,
  events: BackupEvents,
): Promise<ReturnType<typeof readContent>> {
  const source = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
  try {
    source.exec('BEGIN')
    const version = Number(source.prepare('PRAGMA user_version').get()?.['user_version'])
    if (version < 1 || version > SCHEMA_VERSION)
      throw new Failure(
        `The data file ${path} is not a record of this version of Openward; no backup was made.`,
      )
    const content = readContent(source, (done) => events.onProgress(done, undefined, 'versions'))
    await backup(source, copy, {
      rate: PAGES_PER_STEP,
      progress: ({ totalPages, remainingPages }) =>
        events.onProgress(totalPages - remainingPages, totalPages, 'pages'),
    })
    standAlone(copy)
    if (!isSame(checkFile(copy), content))
      throw new Failure('The copy is not equal to the record; no backup was made.')
    return content
  } catch (error) {
    if (/malformed|not a database|JSON/i.test((error as Error).message))
      throw new Failure(`The data file ${path} is damaged; no backup was made.`)
    throw error instanceof Failure && !error.message.includes('backup')
      ? new Failure(`The data file ${path} is damaged: ${error.message} No backup was made.`)
      : error
  } finally {
    source.close()
  }
}

/** One file with nothing beside it. */
function standAlone(path: string): void {
  chmodSync(path, 0o600)
  const db = new DatabaseSync(path)
  db.exec('PRAGMA journal_mode = DELETE')
  db.close()
}

function readBack(path: string, events: BackupEvents): string {
  const made = new Backup(path)
  try {
    let done = 0
    made.verify({
      onBytes: (bytes) => {
        done += bytes
        events.onProgress(Math.round(done / 1024 / 1024), Math.ceil(made.bytes / 1024 / 1024), 'MB')
      },
    })
    return made.fingerprint
  } finally {
    made.close()
  }
}

/** Gives the file its name at once and whole; a link, unlike a rename, never takes the place of another file. */
function publish(partial: string, target: string): void {
  try {
    linkSync(partial, target)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST')
      throw new Failure(`${target} exists already. Backups are never overwritten: choose another name.`)
    renameSync(partial, target)
  }
  const folder = openSync(dirname(target), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
