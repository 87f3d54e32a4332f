import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { SCHEMA_VERSION } from '../../apps/record/src/store/schema.ts'
import { Failure } from '../system/failure.ts'
import { copyRange, listMembers, type Member } from './archive.ts'
import {
  anyVersionSchema,
  MANIFEST,
  MANIFEST_HASH,
  manifestHashLine,
  type Manifest,
  manifestSchema,
} from './format.ts'

const MAX_MANIFEST_BYTES = 64 * 1024 * 1024

/** A backup that is open for reading. Nothing in it is believed before its hash was compared. */
export class Backup {
  readonly path: string
  readonly manifest: Manifest
  /** Of the manifest, which holds the hashes of all else: equal fingerprints are equal backups. */
  readonly fingerprint: string
  readonly #fd: number
  readonly #members: ReadonlyMap<string, Member>

  constructor(path: string) {
    this.path = path
    this.#fd = open(path)
    try {
      this.#members = this.#list()
      const content = this.#read(MANIFEST)
      this.manifest = this.#parse(content)
      this.fingerprint = createHash('sha256').update(content).digest('hex')
      if (this.#read(MANIFEST_HASH).toString() !== manifestHashLine(this.fingerprint)) throw this.#damaged()
      this.#requireComplete()
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Compares every file with its hash; with a folder, also writes it there. */
  verify(options: { into?: string; onBytes?: (bytes: number) => void } = {}): void {
    for (const { name, sha256 } of this.manifest.files) {
      const member = this.#members.get(name)
      if (!member) throw this.#damaged()
      const target = options.into === undefined ? undefined : create(join(options.into, name))
      try {
        const found = copyRange({ fd: this.#fd, offset: member.offset, bytes: member.bytes }, (chunk) => {
          if (target !== undefined) writeAll(target, chunk)
          options.onBytes?.(chunk.length)
        })
        if (found !== sha256) throw this.#damaged()
        if (target !== undefined) fsyncSync(target)
      } finally {
        if (target !== undefined) closeSync(target)
      }
    }
  }

  get bytes(): number {
    return this.manifest.files.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  close(): void {
    closeSync(this.#fd)
  }

  #list(): Map<string, Member> {
    let members: Member[]
    try {
      members = listMembers(this.#fd)
    } catch {
      throw new Failure(`${this.path} is not a backup of Openward, or it is damaged.`)
    }
    const byName = new Map(members.map((member) => [member.name, member]))
    if (byName.size !== members.length) throw this.#damaged()
    return byName
  }

  #read(name: string): Buffer {
    const member = this.#members.get(name)
    if (!member || member.bytes > MAX_MANIFEST_BYTES)
      throw new Failure(`${this.path} is not a backup of Openward.`)
    const content = Buffer.alloc(member.bytes)
    readSync(this.#fd, content, 0, member.bytes, member.offset)
    return content
  }

  #parse(content: Buffer): Manifest {
    let json: unknown
    try {
      json = JSON.parse(content.toString('utf8'))
    } catch {
      throw this.#damaged()
    }
    const parsed = manifestSchema.safeParse(json)
    const newest = Math.max(
      0,
      ...(parsed.data?.files.map(({ content: held }) => held?.schemaVersion ?? 0) ?? []),
    )
    if (parsed.success && newest <= SCHEMA_VERSION) return parsed.data
    const isNewer = parsed.success || (anyVersionSchema.safeParse(json).data?.version ?? 0) > 1
    throw isNewer
      ? new Failure(`${this.path} was made by a newer version of Openward. Update this one first.`)
      : this.#damaged()
  }

  /** Exactly the files that the manifest names, of the sizes that it tells. */
  #requireComplete(): void {
    const { files } = this.manifest
    const isSame = files.every(({ name, bytes }) => this.#members.get(name)?.bytes === bytes)
    const names = new Set(files.map(({ name }) => name))
    if (!isSame || names.size !== files.length || this.#members.size !== files.length + 2)
      throw this.#damaged()
  }

  #damaged(): Failure {
    return new Failure(`The backup ${this.path} is damaged or was changed.`)
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Failure(code === 'ENOENT' ? `There is no file ${path}.` : `The file ${path} cannot be read.`)
  }
}

function create(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  return openSync(path, 'wx', 0o600)
}

function writeAll(fd: number, bytes: Buffer): void {
  let done = 0
  while (done < bytes.length) done += writeSync(fd, bytes, done)
}
