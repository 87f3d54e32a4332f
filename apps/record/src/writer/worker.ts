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
  store.db.exec('SAVEPOINT job')
  try {
    const answer = answerWrite(store, job.request)
    store.db.exec('RELEASE job')
    return { number: job.number, answer }
  } catch (error) {
    store.db.exec('ROLLBACK TO job; RELEASE job')
    if (error instanceof Refusal) return { number: job.number, answer: refusalAnswer(error) }
    if (isStorageFailure(error)) throw error
    return { number: job.number, answer: { status: 500, body: '', fault: faultOf(error) } }
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

function isStorageFailure(error: unknown): boolean {
  return error instanceof Error && /disk|readonly|I\/O|malformed/i.test(error.message)
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
  port.on('message', (first: Job | 'stop') => {
    let next: Job | 'stop' | undefined = first
    try {
      while (next !== undefined && next !== 'stop') next = commitGroup(store, next, send)
    } catch (error) {
      send({ kind: 'failed', message: error instanceof Error ? error.message : 'unknown' })
      next = 'stop'
    }
    if (next === 'stop') {
      store.db.close()
      port.close()
    }
  })
  send({ kind: 'ready' })

  function commitGroup(open: Store, first: Job, reply: typeof send): Job | 'stop' | undefined {
    const startedAt = performance.now()
    const answers: { number: number; answer: Answer }[] = []
    let next: Job | 'stop' | undefined = first
    if (!begin(open)) {
      reply({
        kind: 'done',
        answers: [{ number: first.number, answer: { status: 503, body: '' } }],
        lastSeq: 0,
      })
      return undefined
    }
    while (next !== undefined && next !== 'stop') {
      answers.push(runJob(open, next))
      next = receiveMessageOnPort(port)?.message as Job | 'stop' | undefined
      if (performance.now() - startedAt > COMMIT_WORK_MS) break
    }
    log.beforeCommit()
    open.db.exec('COMMIT')
    const lastSeq = open.db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM chg')?.seq ?? 0
    reply({ kind: 'done', answers, lastSeq })
    log.afterCommit()
    return next
  }
}

if (parentPort !== null) start(parentPort)
