import { createReadStream, type Dirent, readdirSync, type Stats, statSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { createGunzip } from 'node:zlib'

import { Failure } from '../system/failure.ts'

type FileKind = 'json' | 'ndjson' | 'tar'
export type SourceFile = {
  path: string
  /** How the file is named in messages. */
  name: string
  kind: FileKind
  isCompressed: boolean
  sizeBytes: number
  modifiedMs: number
}
type Skipped = { name: string; reason: string }
export type Found = { files: SourceFile[]; skipped: Skipped[] }

/** Bundles that others refer to by identifier; they go first, one after the other. */
export function isReferenceData({ path }: SourceFile): boolean {
  return /^(hospital|practitioner)information/i.test(basename(path))
}

function kindOf(path: string): { kind: FileKind; isCompressed: boolean } | undefined {
  const name = basename(path).toLowerCase()
  const isCompressed = name.endsWith('.gz') || name.endsWith('.tgz')
  const plain = name.endsWith('.gz') ? name.slice(0, -3) : name
  if (/\.(tar|tgz)$/.test(plain)) return { kind: 'tar', isCompressed }
  if (/\.(ndjson|jsonl)$/.test(plain)) return { kind: 'ndjson', isCompressed }
  return plain.endsWith('.json') ? { kind: 'json', isCompressed } : undefined
}

/** Why a file of this name is not FHIR in a form that can be read; undefined when it may be. */
export function reasonToSkip(path: string): string | undefined {
  const name = basename(path).toLowerCase()
  if (/^(manifest|package|tsconfig)\.json(\.gz)?$/.test(name)) return 'it describes the other files'
  if (/\.xml(\.gz)?$/.test(name)) return 'XML is not read, only JSON and NDJSON'
  if (name.startsWith('.')) return 'it is hidden'
  return kindOf(path) ? undefined : 'it is not JSON, NDJSON or a tar archive of these'
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    throw new Failure(`The folder ${folder} cannot be read.`)
  }
}

function* walk(folder: string): Generator<string> {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path)
    else yield path
  }
}

function statOf(path: string): Stats {
  try {
    return statSync(path)
  } catch {
    throw new Failure(`There is no file or folder ${path}.`)
  }
}

/** The files below a path that may hold FHIR, in the order in which they are sent, and the ones left out with reasons. */
export function findFiles(start: string): Found {
  const root = resolve(start)
  const isFolder = statOf(root).isDirectory()
  const found: Found = { files: [], skipped: [] }
  for (const path of isFolder ? walk(root) : [root]) {
    const name = isFolder ? relative(root, path) : basename(path)
    const reason = reasonToSkip(path)
    const kind = kindOf(path)
    const stats = statSync(path, { throwIfNoEntry: false })
    if (reason !== undefined || !kind) found.skipped.push({ name, reason: reason ?? 'it is not FHIR' })
    else if (!stats?.isFile()) found.skipped.push({ name, reason: 'it is not a file that can be read' })
    else
      found.files.push({ path, name, ...kind, sizeBytes: stats.size, modifiedMs: Math.floor(stats.mtimeMs) })
  }
  const rank = (file: SourceFile) => (isReferenceData(file) ? 0 : 1)
  found.files.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
  return found
}

/** The bytes of a file, unpacked when it is compressed. */
export function openFile(file: SourceFile): AsyncIterable<Buffer> {
  const stream = createReadStream(file.path)
  if (!file.isCompressed) return stream
  const unpacked = createGunzip()
  stream.on('error', (error) => unpacked.destroy(error))
  return stream.pipe(unpacked)
}
