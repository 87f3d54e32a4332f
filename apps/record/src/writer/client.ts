import { EventEmitter, on, once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import { UnusableFile } from '../store/unusable-file.ts'
import type { Answer, Interaction } from './interaction.ts'
import type { Job, WorkerMessage, WorkerSettings } from './worker.ts'

/** Whether the writer is ready. Node's own watch mode sends messages of its own through the same port: they are passed over. */
async function firstWord(worker: Worker, log: Logger): Promise<WorkerMessage> {
  for await (const [message] of on(worker, 'message') as AsyncIterable<[WorkerMessage]>) {
    if (message.kind === 'indexing')
      log.info({ type: message.type, done: message.done, of: message.of }, 'indexing again')
    if (message.kind === 'ready' || message.kind === 'refused') return message
  }
  throw new Error('The writer ended before it was ready')
}

/** The main thread's side of the one writer of an organisation. */
export class Writer {
  /** `change` (last sequence number) after each commit; `failed` when the disk gave up; `stopping` ends long polls. */
  readonly events = new EventEmitter<{ change: [number]; failed: [string]; stopping: [] }>()
  readonly #worker: Worker
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #arrived: Job[] = []
  #counter = 0
  #isFailed = false

  private constructor(worker: Worker) {
    this.#worker = worker
    this.events.setMaxListeners(0)
  }

  static async start(settings: WorkerSettings, log: Logger): Promise<Writer> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: settings })
    const first = await firstWord(worker, log)
    if (first.kind === 'refused') {
      await worker.terminate()
      throw new UnusableFile(first.message)
    }
    const writer = new Writer(worker)
    worker.on('message', (message: WorkerMessage) => writer.#receive(message))
    worker.on('error', (error: unknown) => writer.#fail(error instanceof Error ? error.message : 'unknown'))
    return writer
  }

  write(request: Interaction): Promise<Answer> {
    if (this.#isFailed) return Promise.resolve({ status: 503, body: '' })
    this.#counter += 1
    const number = this.#counter
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve)
      if (this.#arrived.push({ number, request }) === 1) setImmediate(() => this.#pass())
    })
  }

  /** What arrived in one turn of the event loop goes over in one message. */
  #pass(): void {
    if (this.#arrived.length > 0) this.#worker.postMessage(this.#arrived)
    this.#arrived = []
  }

  /** Finishes what was accepted, then closes the file. */
  async stop(): Promise<void> {
    if (this.#isFailed) return
    const exited = once(this.#worker, 'exit')
    this.#pass()
    this.#worker.postMessage('stop')
    await exited
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === 'failed') this.#fail(message.message)
    if (message.kind !== 'done') return
    for (const { number, answer } of message.answers) {
      this.#waiting.get(number)?.(answer)
      this.#waiting.delete(number)
    }
    this.events.emit('change', message.lastSeq)
  }

  #fail(message: string): void {
    this.#isFailed = true
    for (const resolve of this.#waiting.values()) resolve({ status: 503, body: '' })
    this.#waiting.clear()
    this.events.emit('failed', message)
  }
}
