import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { faultOf } from '../fhir/fault.ts'
import { type Job, JobFolder } from './job.ts'
import { type Task, TaskFailure } from './task.ts'

const KEPT_MS = 24 * 60 * 60 * 1000
const SWEEP_MS = 10 * 60 * 1000
const MAX_RUNNING = 2
const MAX_KEPT = 50
const MAX_ATTEMPTS = 3

export interface JobsSettings {
  folder: string
  log: Logger
  begin: (job: Job, folder: string) => Task
}

/** The long jobs of an organisation. What was running when the process ended is begun again at the next start. */
export class Jobs {
  readonly #files: JobFolder
  readonly #settings: JobsSettings
  readonly #jobs = new Map<string, Job>()
  readonly #tasks = new Map<string, Task>()
  readonly #timer: NodeJS.Timeout

  constructor(settings: JobsSettings) {
    this.#settings = settings
    this.#files = new JobFolder(settings.folder)
    for (const job of this.#files.readAll()) {
      this.#jobs.set(job.id, job)
      if (job.endedMs === undefined) this.#begin(job)
    }
    this.#sweep()
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS).unref()
  }

  /** Undefined when as many are running or kept as there may be. */
  start(request: string, work: Job['work'], id: string = randomUUID()): Job | undefined {
    this.#sweep()
    if (this.isFull) return undefined
    const job: Job = { id, request, work, attempts: 0 }
    this.#jobs.set(id, job)
    this.#begin(job)
    return job
  }

  get isFull(): boolean {
    return this.#tasks.size >= MAX_RUNNING || this.#jobs.size >= MAX_KEPT
  }

  find(id: string): Job | undefined {
    this.#sweep()
    return this.#jobs.get(id)
  }

  progressOf(job: Job): string {
    return this.#tasks.get(job.id)?.progress() ?? ''
  }

  expiresMs(job: Job): number {
    return (job.endedMs ?? Date.now()) + KEPT_MS
  }

  pathOf(id: string, name: string): string {
    return this.#files.pathOf({ id }, name)
  }

  /** Ends it when it is running, and forgets it with all its files. */
  async remove(job: Job): Promise<void> {
    const task = this.#tasks.get(job.id)
    this.#jobs.delete(job.id)
    this.#tasks.delete(job.id)
    await task?.stop()
    this.#files.remove(job)
  }

  /** What is running goes on at the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    const running = [...this.#tasks.values()]
    this.#tasks.clear()
    for (const task of running) await task.stop()
  }

  #begin(job: Job): void {
    job.attempts += 1
    if (job.attempts > MAX_ATTEMPTS) {
      this.#end(job, { failure: 'The job was interrupted too often and was given up.' })
      return
    }
    const task = this.#task(job)
    if (task === undefined) {
      this.#end(job, { failure: 'The job could not be begun: its files cannot be written.' })
      return
    }
    this.#tasks.set(job.id, task)
    task.finished.then(
      (result) => this.#isCurrent(job, task) && this.#end(job, { result }),
      (error: unknown) => {
        if (!this.#isCurrent(job, task)) return
        const isTold = error instanceof TaskFailure
        this.#settings.log.error({ fault: isTold ? error.fault : 'unknown' }, 'job failed')
        this.#end(job, { failure: isTold ? error.message : 'The job could not be finished.' })
      },
    )
  }

  /** Undefined when there is no room for its files. */
  #task(job: Job): Task | undefined {
    try {
      this.#files.save(job)
      return this.#settings.begin(job, this.#files.pathOf(job))
    } catch (error) {
      this.#settings.log.error({ fault: faultOf(error) }, 'job not begun')
      return undefined
    }
  }

  #isCurrent(job: Job, task: Task): boolean {
    return this.#tasks.get(job.id) === task
  }

  #end(job: Job, outcome: Pick<Job, 'result' | 'failure'>): void {
    Object.assign(job, outcome, { endedMs: Date.now() })
    this.#tasks.delete(job.id)
    try {
      // What a job that failed has written is of no use, and may be what fills the disk.
      if (outcome.failure !== undefined) this.#files.remove(job)
      this.#files.save(job)
    } catch (error) {
      // It is still told until the process ends.
      this.#settings.log.error({ fault: faultOf(error) }, 'end of job not kept')
    }
  }

  #sweep(): void {
    const now = Date.now()
    for (const job of this.#jobs.values()) {
      if (job.endedMs === undefined || this.expiresMs(job) > now) continue
      this.#jobs.delete(job.id)
      this.#files.remove(job)
    }
  }
}
