import type { AuditEvent } from '@medplum/fhirtypes'
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { unavailable } from './refusal.ts'

/** One line of the spool: an event with the id under which it will be stored, and whose it is. */
export type SpoolLine = { organization: string; event: AuditEvent & { id: string } }

const SYNC_EVERY_MS = 100
const NAME = /^(\d+)-[0-9a-f-]{36}\.ndjson$/

/**
 * Append-only file of this process for audit events that are on their way to the record. `append` resolves once the line
 * is with the operating system, so it outlives `kill -9`; the disk has it at most 100 ms later.
 */
export class AuditSpool {
  readonly #folder: string
  #file: FileHandle | undefined
  #name = ''
  #pending: { text: string; done: () => void; failed: (error: unknown) => void }[] = []
  #writing: Promise<void> = Promise.resolve()
  #isScheduled = false
  #syncTimer: NodeJS.Timeout | undefined

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'audit')
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
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
    this.#name = `${process.pid}-${randomUUID()}.ndjson`
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

  /** Files to be shipped: those of this process that are ended, and those that a dead process left. */
  async listEnded(): Promise<string[]> {
    const names = await readdir(this.#folder)
    const ended = names.filter((name) => {
      const owner = NAME.exec(name)?.[1]
      return (
        owner !== undefined &&
        name !== this.#name &&
        (Number(owner) === process.pid || !isAlive(Number(owner)))
      )
    })
    return ended.map((name) => join(this.#folder, name))
  }

  async close(): Promise<void> {
    clearTimeout(this.#syncTimer)
    await this.rotate()
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
