import type { AuditEvent } from '@medplum/fhirtypes'
import { mkdirSync } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { type ChainLink, hashOfEvent, hashOfLink, isUnsettled } from './audit-chain.ts'
import { isHeld, type OwnLock, takeLock } from './process-lock.ts'
import { unavailable } from './refusal.ts'

/** An event with the id under which it will be stored, and whose it is. */
export type OwnedEvent = { organization: string; event: AuditEvent & { id: string } }

/** One line of the spool: a link of its chain, and the event where the spool is what carries it. */
export type SpoolLine = ChainLink & { event?: OwnedEvent['event'] }

type Said = Pick<SpoolLine, 'kind' | 'organization' | 'id' | 'hash' | 'event'>

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
  #pending: { said: Said; done: () => void; failed: (error: unknown) => void }[] = []
  /** Intended events of which nothing more is known yet. */
  readonly #open = new Map<string, Said>()
  #chains = 1
  #doubts: { organization: string; id: string; sinceMs: number }[] = []
  #last: { n: number; hash: string } = { n: 0, hash: '' }
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

  /** Of this start of the process. */
  get id(): string {
    return this.#lock.id
  }

  /** Records an event that is to be shipped. */
  append({ organization, event }: OwnedEvent): Promise<void> {
    return this.#say({ kind: 'event', organization, id: event.id, hash: hashOfEvent(event), event })
  }

  /** Records that a transaction is about to store this event with what it tells of. */
  intend({ organization, event }: OwnedEvent): Promise<void> {
    const hash = isUnsettled(event) ? '' : hashOfEvent(event)
    const said: Said = { kind: 'intent', organization, id: event.id, hash }
    this.#open.set(event.id, said)
    return this.#say(said)
  }

  /** An intended event was stored as it was told. */
  confirm(id: string): void {
    this.#open.delete(id)
  }

  /** Records what an intended event says, now that it is stored. */
  settle({ organization, event }: OwnedEvent): Promise<void> {
    this.#open.delete(event.id)
    return this.#say({ kind: 'stored', organization, id: event.id, hash: hashOfEvent(event) })
  }

  /** Records that an intended event was not stored: its transaction was refused. */
  annul(organization: string, id: string): Promise<void> {
    this.#open.delete(id)
    return this.#say({ kind: 'void', organization, id, hash: '' })
  }

  /** Keeps in mind an intended event whose transaction got no answer. */
  doubt(one: { organization: string; id: string }): void {
    this.#doubts.push({ ...one, sinceMs: Date.now() })
  }

  /** Hands over the doubts that are older than this. */
  takeDoubts(olderThanMs: number): { organization: string; id: string }[] {
    const isDue = ({ sinceMs }: { sinceMs: number }) => Date.now() - sinceMs >= olderThanMs
    const due = this.#doubts.filter(isDue)
    this.#doubts = this.#doubts.filter((one) => !isDue(one))
    return due
  }

  /** Lines that arrive together are written together. */
  #say(said: Said): Promise<void> {
    return new Promise((done, failed) => {
      this.#pending.push({ said, done, failed })
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
      const { text, last } = this.#linked(batch.map(({ said }) => said))
      await file.appendFile(text)
      this.#last = last
      this.#syncTimer ??= setTimeout(() => {
        this.#syncTimer = undefined
        this.#writing = this.#writing.then(() => this.#file?.datasync())
      }, SYNC_EVERY_MS)
      for (const { done } of batch) done()
    } catch (error) {
      await this.#startAnew()
      const refusal = unavailable('What is done here must be recorded, and cannot be right now', error)
      for (const { failed } of batch) failed(refusal)
    }
  }

  /** How much of a batch was written is not known when it failed: what comes next begins a file and a chain of its own. */
  async #startAnew(): Promise<void> {
    this.#chains += 1
    this.#last = { n: 0, hash: '' }
    await this.#file?.close().catch(() => undefined)
    this.#file = undefined
    this.#name = ''
  }

  #linked(batch: readonly Said[]): { text: string; last: { n: number; hash: string } } {
    let last = this.#last
    let text = ''
    for (const { event, ...said } of batch) {
      const link = { chain: `${this.#lock.id}.${this.#chains}`, n: last.n + 1, prev: last.hash, ...said }
      last = { n: link.n, hash: hashOfLink(link) }
      text += `${JSON.stringify(event === undefined ? link : { ...link, event })}\n`
    }
    return { text, last }
  }

  async #openFile(): Promise<FileHandle> {
    if (this.#file) return this.#file
    this.#files += 1
    this.#name = `${process.pid}-${this.#lock.id}-${this.#files}.ndjson`
    this.#file = await open(join(this.#folder, this.#name), 'a', 0o600)
    return this.#file
  }

  /**
   * Ends the file that is being written, so that it can be shipped; the next line begins a new one. What is still open is
   * said again there: whoever finds the last file of a killed process finds what it had not heard of.
   */
  async rotate(): Promise<void> {
    const rotated = this.#writing.then(async () => {
      await this.#file?.datasync()
      await this.#file?.close()
      this.#file = undefined
      this.#name = ''
    })
    this.#writing = rotated.catch(() => undefined)
    await rotated
    await Promise.all([...this.#open.values()].map((said) => this.#say(said)))
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
