import type { AuditEvent } from '@medplum/fhirtypes'
import { mkdirSync } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { isHeld, type OwnLock, takeLock } from './process-lock.ts'
import { unavailable } from './refusal.ts'

/** One line of the spool: an event with the id under which it will be stored, and whose it is. */
export type SpoolLine = { organization: string; event: AuditEvent & { id: string } }

const SYNC_EVERY_MS = 100
const NAME = /^\d+-([0-9a-f-]{36})(?:-\d+)?\.ndjson$/

/**
 * Append-only file of this process for audit events that are on their way to the record. `append` resolves once the line
 * is with the operating system, so it outlives `kill -9`; the disk has it at most 100 ms later.
 */
export class AuditSpool {
  readonly #folder: string
  readonly #lock: OwnLock
  #files = 0
  #file: FileHandle | undefined
  #name = ''
  #pending: { text: string; done: () => void; failed: (error: unknown) => void }[] = []
  #writing: Promise<void> = Promise.resolve()
  #isScheduled = false
  #syncTimer: NodeJS.Timeout | undefined

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'audit')
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    this.#lock = takeLock(this.#folder)
  }

  get folder(): string {
    return this.#folder
  }

  /** Lines that arrive together are written together. */
  append(line: SpoolLine): Promise<void> {
    return new Promise((done, failed) => {
      this.#pending.push({ text: `${JSON.stringify(line)}\n`, done, failed })
      if (this.#isScheduled) return
      this.#isScheduled = true
      this.#writing = this.#writing.then(() => this.#write())
    })
  }

  async #write(): Promise<void> {
    this.#isScheduled = false
    const batch = this.#pending.splice(0)
    try {
      const file = await this.#openFile()
      await file.appendFile(batch.map(({ text }) => text).join(''))
      this.#syncTimer ??= setTimeout(() => {
        this.#syncTimer = undefined
        this.#writing = this.#writing.then(() => this.#file?.datasync())
      }, SYNC_EVERY_MS)
      for (const { done } of batch) done()
    } catch (error) {
      const refusal = unavailable('What is done here must be recorded, and cannot be right now', error)
      for (const { failed } of batch) failed(refusal)
    }
  }

  async #openFile(): Promise<FileHandle> {
    if (this.#file) return this.#file
    this.#files += 1
    this.#name = `${process.pid}-${this.#lock.id}-${this.#files}.ndjson`
    this.#file = await open(join(this.#folder, this.#name), 'a', 0o600)
    return this.#file
  }

  /** Ends the file that is being written, so that it can be shipped; the next line begins a new one. */
  rotate(): Promise<void> {
    const rotated = this.#writing.then(async () => {
      await this.#file?.datasync()
      await this.#file?.close()
      this.#file = undefined
      this.#name = ''
    })
    this.#writing = rotated.catch(() => undefined)
    return rotated
  }

  /**
   * Files to be shipped: those of this process that are ended, and those that a dead process left. Whether a process
   * lives is told by its lock and never by its number, which another one may have now, or has on another machine.
   */
  async listEnded(): Promise<string[]> {
    const owned = (await readdir(this.#folder)).flatMap((name) => {
      const owner = NAME.exec(name)?.[1]
      return owner !== undefined && name !== this.#name ? [{ name, owner }] : []
    })
    const others = new Set(owned.map(({ owner }) => owner).filter((owner) => owner !== this.#lock.id))
    const living = new Set([...others].filter((owner) => isHeld(this.#folder, owner)))
    return owned.filter(({ owner }) => !living.has(owner)).map(({ name }) => join(this.#folder, name))
  }

  async close(): Promise<void> {
    clearTimeout(this.#syncTimer)
    await this.rotate()
    this.#lock.release()
  }
}
