import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { pathToFileURL } from 'node:url'
import { Database } from './database.ts'
import { SCHEMA_VERSION } from './schema.ts'
import { damaged, UnusableFile } from './unusable-file.ts'
import { readWal } from './wal.ts'

/** "Owrd": tells our files from those of other programs. Files of the first versions have 0. */
export const APPLICATION_ID = 0x4f_77_72_64

const HEADER_BYTES = 100
const MAGIC = 'SQLite format 3\0'
/** Up to this size a file is checked page by page before it is used; a larger one right after the start. */
const CHECKED_AT_ONCE_BYTES = 64 * 1024 * 1024

/** Throws when the file must not be used. It is then as it was before, and so are the files that SQLite keeps beside it. */
export function inspect(file: string): void {
  if (!statSync(file).isFile()) throw new UnusableFile(`${file} is not a file; it was left untouched.`)
  const wal = readWal(`${file}-wal`)
  if (wal.isDamaged) throw damaged(file)
  const pageSize = inspectHeader(file, wal.pageSize > 0)
  if (wal.pageSize > 0 && wal.pageSize !== pageSize) throw foreignLog(file)
  const putBack = rememberSideFiles(file)
  try {
    inspectContent(file, wal.pageSize > 0)
  } catch (error) {
    putBack()
    throw error
  }
}

/** Whether it is large and therefore still to be checked by `isSound`. */
export function isLarge(file: string): boolean {
  return statSync(file).size > CHECKED_AT_ONCE_BYTES
}

/** Reads every page: a second for some hundred megabytes. */
export function isSound(db: Database): boolean {
  return db.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check === 'ok'
}

/** What can be told without SQLite; returns the page size. */
function inspectHeader(file: string, hasLog: boolean): number {
  const header = Buffer.alloc(HEADER_BYTES)
  const fd = openSync(file, 'r')
  try {
    if (readSync(fd, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) throw damaged(file)
  } finally {
    closeSync(fd)
  }
  const rawSize = header.readUInt16BE(16)
  const pageSize = rawSize === 1 ? 65_536 : rawSize
  if (header.toString('latin1', 0, 16) !== MAGIC || pageSize < 512) throw damaged(file)
  const application = header.readUInt32BE(68)
  if (application !== 0 && application !== APPLICATION_ID) throw foreign(file)
  // While the log holds what is not in the file yet, the file may be shorter than it says.
  const isCountValid = header.readUInt32BE(24) === header.readUInt32BE(92)
  const { size } = statSync(file)
  if (!hasLog && (size % pageSize !== 0 || (isCountValid && size < header.readUInt32BE(28) * pageSize)))
    throw damaged(file)
  return pageSize
}

function inspectContent(file: string, hasLog: boolean): void {
  const db = new Database(file, { readOnly: true })
  try {
    const version = db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0
    if (version > SCHEMA_VERSION) {
      throw new UnusableFile(
        `The data file ${file} was written by a newer version of the record; it was left untouched.`,
      )
    }
    const own =
      "SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table' AND name IN ('res', 'hist', 'chg', 'sp')"
    if (version === 0 || db.get<{ n: number }>(own)?.n !== 4) throw foreign(file)
    if (hasLog && isOfAnotherFile(file, db)) throw foreignLog(file)
    if (!isLarge(file) && !isSound(db)) throw damaged(file)
  } finally {
    db.close()
  }
}

/** The log goes with the file when the file says the same of itself with and without it. */
function isOfAnotherFile(file: string, withLog: Database): boolean {
  const address = pathToFileURL(file)
  address.search = 'immutable=1'
  let without: string | undefined
  const alone = new Database(address, { readOnly: true })
  try {
    without = identityOf(alone)
  } finally {
    alone.close()
  }
  return without !== undefined && without !== identityOf(withLog)
}

/** Undefined in files of the first versions, and where the table cannot be read without the log. */
function identityOf(db: Database): string | undefined {
  try {
    return db.get<{ v: string }>("SELECT v FROM about WHERE k = 'id'")?.v
  } catch {
    return undefined
  }
}

/** Reading alone makes SQLite write `-shm`, and an empty `-wal`. */
function rememberSideFiles(file: string): () => void {
  const wal = `${file}-wal`
  const shm = `${file}-shm`
  const hadWal = existsSync(wal)
  const shmBefore = existsSync(shm) ? readFileSync(shm) : undefined
  return () => {
    if (!hadWal) rmSync(wal, { force: true })
    if (shmBefore === undefined) rmSync(shm, { force: true })
    else if (!existsSync(shm) || !readFileSync(shm).equals(shmBefore)) writeFileSync(shm, shmBefore)
  }
}

function foreign(file: string): UnusableFile {
  return new UnusableFile(`The data file ${file} is not a record of this server; it was left untouched.`)
}

function foreignLog(file: string): UnusableFile {
  return new UnusableFile(
    `The file ${file}-wal belongs to another data file than the one it lies beside; both were left untouched.`,
  )
}
