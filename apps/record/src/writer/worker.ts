import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { faultOf } from '../fhir/fault.ts'
import { Refusal } from '../fhir/outcome.ts'
import { Log } from '../store/log.ts'
import { openForWriting } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { answerWrite } from './answer-write.ts'
import type { Answer, Interaction } from './interaction.ts'
import { refusalAnswer } from './resource-writes.ts'
import { reindex } from './reindex.ts'
import { startClock } from './write.ts'

export interface WorkerSettings {
  file: string
  base: string
}

export interface Job {
  number: number
  request: Interaction
}

export type WorkerMessage =
  | { kind: 'indexing'; type: string; done: number; of: number }
  | { kind: 'ready' }
  | { kind: 'refused'; message: string }
  | { kind: 'done'; answers: { number: number; answer: Answer }[]; lastSeq: number }
  | { kind: 'failed'; message: string }

/** One commit is shared by what arrived while the one before was running, up to this much work. */
const COMMIT_WORK_MS = 25

function runJob(store: Store, job: Job): { number: number; answer: Answer } {
  store.db.run('SAVEPOINT job')
  try {
    const answer = answerWrite(store, job.request)
    store.db.run('RELEASE job')
    return { number: job.number, answer }
  } catch (error) {
    store.db.exec('ROLLBACK TO job; RELEASE job')
    if (error instanceof Refusal) return { number: job.number, answer: refusalAnswer(error) }
    if (isStorageFailure(error)) throw error
    return { number: job.number, answer: { status: 500, body: '', fault: faultOf(error) } }
  }
}

/** What has arrived and is not answered yet. */
class Inbox {
  readonly #receive: () => Job[] | 'stop' | undefined
  #jobs: Job[] = []
  #at = 0
  isStopping = false

  constructor(receive: () => Job[] | 'stop' | undefined) {
    this.#receive = receive
  }

  take(message: Job[] | 'stop' | undefined): void {
    if (message === 'stop') this.isStopping = true
    else if (message !== undefined) {
      this.#jobs = message
      this.#at = 0
    }
  }

  /** The next job in the order of arrival; undefined when there is none for now. */
  next(): Job | undefined {
    if (this.#at === this.#jobs.length && !this.isStopping) this.take(this.#receive())
    return this.#at < this.#jobs.length ? this.#jobs[this.#at++] : undefined
  }
}

/** False when another process (a backup, say) holds the file for longer than we wait. */
function begin(store: Store): boolean {
  try {
    store.db.exec('BEGIN IMMEDIATE')
    return true
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) return false
    throw error
  }
}

/** SQLite's result codes READONLY, IOERR, CORRUPT, FULL, CANTOPEN and NOTADB: the file is lost to us, not one request. */
const STORAGE_FAILURES = new Set([8, 10, 11, 13, 14, 26])

function isStorageFailure(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0
  return STORAGE_FAILURES.has(code & 0xff)
}

function start(port: NonNullable<typeof parentPort>): void {
  const settings = workerData as WorkerSettings
  const send = (message: WorkerMessage) => port.postMessage(message)
  let store: Store
  let log: Log
  try {
    const opened = openForWriting(settings.file)
    store = { db: opened.db, numbers: opened.numbers, base: settings.base }
    log = new Log(store.db)
    startClock(store)
    for (const type of opened.staleTypes) {
      reindex(store, log, type, (done, of) => send({ kind: 'indexing', type, done, of }))
    }
  } catch (error) {
    send({
      kind: 'refused',
      message: error instanceof Error ? error.message : 'The data file cannot be opened.',
    })
    return
  }
  const inbox = new Inbox(() => receiveMessageOnPort(port)?.message as Job[] | 'stop' | undefined)
  port.on('message', (message: Job[] | 'stop') => {
    inbox.take(message)
    try {
      for (let job = inbox.next(); job !== undefined; job = inbox.next()) commitGroup(job)
    } catch (error) {
      send({ kind: 'failed', message: error instanceof Error ? error.message : 'unknown' })
      inbox.isStopping = true
    }
    if (inbox.isStopping) {
      store.db.close()
      port.close()
    }
  })
  send({ kind: 'ready' })

  function commitGroup(first: Job): void {
    const startedAt = performance.now()
    const answers: { number: number; answer: Answer }[] = []
    if (!begin(store)) {
      send({
        kind: 'done',
        answers: [{ number: first.number, answer: { status: 503, body: '' } }],
        lastSeq: 0,
      })
      return
    }
    for (let job: Job | undefined = first; job !== undefined; job = inbox.next()) {
      answers.push(runJob(store, job))
      if (performance.now() - startedAt > COMMIT_WORK_MS) break
    }
    log.beforeCommit()
    store.db.exec('COMMIT')
    const lastSeq = store.db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM chg')?.seq ?? 0
    send({ kind: 'done', answers, lastSeq })
    log.afterCommit()
  }
}

if (parentPort !== null) start(parentPort)
