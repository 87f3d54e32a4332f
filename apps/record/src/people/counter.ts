import { Worker } from 'node:worker_threads'
import { outcomeJson } from '../fhir/outcome.ts'
import type { Answer } from '../writer/interaction.ts'
import type { SearchCount } from './answers.ts'
import type { CounterJob, CounterMessage, CounterSettings } from './worker.ts'

const MAX_WAITING = 50
const PATIENCE_MS = 30_000
const IDLE_MS = 5 * 60_000

interface Waiting {
  job: CounterJob
  onSearch: (found: SearchCount) => void
  resolve: (answer: Answer) => void
}

/** Counts people on a thread of its own, one question after the other; the thread is there only while it is used. */
export class Counter {
  readonly #settings: CounterSettings
  readonly #waiting: Waiting[] = []
  #worker: Worker | undefined
  #running: Waiting | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(settings: CounterSettings) {
    this.#settings = settings
  }

  ask(job: CounterJob, onSearch: (found: SearchCount) => void = () => undefined): Promise<Answer> {
    if (this.#waiting.length >= MAX_WAITING)
      return Promise.resolve(
        refusal(429, 'throttled', 'Too many questions about people are waiting: try again later.'),
      )
    return new Promise((resolve) => {
      this.#waiting.push({ job, onSearch, resolve })
      this.#next()
    })
  }

  async stop(): Promise<void> {
    const worker = this.#worker
    const unanswered = [...(this.#running === undefined ? [] : [this.#running]), ...this.#waiting.splice(0)]
    this.#forget()
    for (const one of unanswered) one.resolve({ status: 503, body: '' })
    await worker?.terminate()
  }

  #next(): void {
    if (this.#running !== undefined) return
    clearTimeout(this.#timer)
    this.#running = this.#waiting.shift()
    if (this.#running === undefined) {
      this.#timer = setTimeout(() => this.#giveUp(undefined), IDLE_MS).unref()
      return
    }
    const tooLong = 'The question takes too long to answer: ask for less at once.'
    this.#timer = setTimeout(() => this.#giveUp(refusal(422, 'too-costly', tooLong)), PATIENCE_MS)
    this.#worker ??= this.#start()
    this.#worker.postMessage(this.#running.job)
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.#settings })
    // Node's own watch mode sends messages of its own through the same port: they are passed over.
    worker.on('message', (message: CounterMessage) => {
      if (worker !== this.#worker) return
      if (message.kind === 'search') this.#running?.onSearch(message.found)
      else if (message.kind === 'answer') this.#finish(message.answer)
    })
    worker.on('error', () => {
      if (worker === this.#worker) this.#giveUp({ status: 500, body: '', fault: 'counter' })
    })
    worker.unref()
    return worker
  }

  #finish(answer: Answer): void {
    const running = this.#running
    this.#running = undefined
    running?.resolve(answer)
    this.#next()
  }

  /** Ends the thread; the next question starts another. */
  #giveUp(answer: Answer | undefined): void {
    const running = this.#running
    const worker = this.#worker
    this.#forget()
    worker?.terminate().catch(() => undefined)
    if (answer !== undefined) running?.resolve(answer)
    if (this.#waiting.length > 0) this.#next()
  }

  #forget(): void {
    clearTimeout(this.#timer)
    this.#worker = undefined
    this.#running = undefined
  }
}

function refusal(status: number, code: string, text: string): Answer {
  return { status, body: outcomeJson([{ severity: 'error', code, details: { text } }]) }
}
