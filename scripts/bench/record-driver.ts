import { Worker } from 'node:worker_threads'

import { Failure } from '../system/failure.ts'

/** Places in a changing request, as long as what replaces them. */
export const COUNTER = '##########'
export const CLIENT = '%%'
export const VERSION = 'W/"@"'

/** A whole HTTP request as text. */
export type Template = {
  text: string
  /** Its places are filled anew each time it is sent. */
  isChanging?: true
  /** The read whose ETag goes into `VERSION`; each client changes a resource of its own. */
  versionOf?: string
}

export type Job = {
  url: string
  requests: Template[]
  /** Which request is sent first. */
  from: number
  clients: number
  /** Ends after so many requests, or after so long. */
  count?: number
  durationMs?: number
  keeps?: 'body' | 'location'
}

export type JobResult = {
  /** Time of each answer, in the order of arrival. */
  ms: number[]
  seconds: number
  /** Number of answers of 400 and above, by status. */
  failed: Record<number, number>
  kept: string[]
  /** A connection ended before its answer. */
  isCutOff: boolean
}

type Message = { number: number; result?: JobResult; problem?: string }

/** Sends requests from a thread of its own, so that nothing else of the bench delays them. */
export class Driver {
  readonly #worker = new Worker(new URL('./record-driver-worker.ts', import.meta.url))
  readonly #waiting = new Map<
    number,
    { resolve: (result: JobResult) => void; reject: (error: Error) => void }
  >()
  #counter = 0

  constructor() {
    this.#worker.on('message', ({ number, result, problem }: Message) => {
      const waiting = this.#waiting.get(number)
      this.#waiting.delete(number)
      if (result !== undefined) waiting?.resolve(result)
      else waiting?.reject(new Failure(`The server under test does not answer (${problem ?? 'unknown'}).`))
    })
  }

  run(job: Job): Promise<JobResult> {
    this.#counter += 1
    const number = this.#counter
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject })
      this.#worker.postMessage({ number, job })
    })
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }
}
