import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ExportQuestion } from './export-question.ts'

/** A file that a job made, as its manifest tells it. */
export interface JobFile {
  /** Resource type; of deletions `Bundle`, of refusals `OperationOutcome`. */
  type: string
  name: string
  count: number
}

export interface JobResult {
  /** The moment as of which the answer is complete. */
  transactionTime: string
  output: JobFile[]
  deleted: JobFile[]
  error: JobFile[]
  /** What an import did. */
  counts?: Record<string, number>
}

/** What is kept of a job in `job.json`, so that a restart neither loses nor forgets it. */
export interface Job {
  id: string
  /** The address that was asked, as the manifest repeats it. */
  request: string
  work: { kind: 'export'; question: ExportQuestion } | { kind: 'import' }
  attempts: number
  /** When it ended, well or not. */
  endedMs?: number
  result?: JobResult
  /** Why it failed, in words for the client. */
  failure?: string
}

const STATE = 'job.json'

/** The folders of an organisation's jobs: `<folder>/<job id>/`, readable by nobody else. */
export class JobFolder {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
  }

  pathOf(job: Pick<Job, 'id'>, name = ''): string {
    return path.join(this.#folder, job.id, name)
  }

  /** The jobs of the time before; what cannot be read is no job and is removed. */
  readAll(): Job[] {
    return readdirSync(this.#folder).flatMap((id) => {
      try {
        return [JSON.parse(readFileSync(path.join(this.#folder, id, STATE), 'utf8')) as Job]
      } catch {
        rmSync(path.join(this.#folder, id), { recursive: true, force: true })
        return []
      }
    })
  }

  save(job: Job): void {
    const file = this.pathOf(job, STATE)
    mkdirSync(this.pathOf(job), { recursive: true, mode: 0o700 })
    writeFileSync(`${file}.new`, JSON.stringify(job), { mode: 0o600, flush: true })
    renameSync(`${file}.new`, file)
  }

  remove(job: Pick<Job, 'id'>): void {
    rmSync(this.pathOf(job), { recursive: true, force: true })
  }
}
