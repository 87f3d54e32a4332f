import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ExportMessage, ExportSettings } from './export-worker.ts'
import type { JobResult } from './job.ts'

/** A job at work. */
export interface Task {
  /** Rejected with a `TaskFailure`, or never settled once stopped. */
  finished: Promise<JobResult>
  progress: () => string
  stop: () => Promise<void>
}

/** Why a job came to nothing: words for the client, and a place in our code for the log. */
export class TaskFailure extends Error {
  readonly fault: string

  constructor(words: string, fault: string) {
    super(words)
    this.name = 'TaskFailure'
    this.fault = fault
  }
}

/** Begins anew: what an interrupted attempt has left is removed first. */
export function startExport(settings: ExportSettings): Task {
  for (const name of readdirSync(settings.folder))
    if (name.endsWith('.ndjson')) rmSync(path.join(settings.folder, name))
  const worker = new Worker(new URL('./export-worker.ts', import.meta.url), { workerData: settings })
  let progress = 'started'
  const finished = new Promise<JobResult>((resolve, reject) => {
    // Node's own watch mode sends messages of its own through the same port: they are passed over.
    worker.on('message', (message: ExportMessage) => {
      if (message.kind === 'progress') progress = `${message.done} of at most ${message.total} resources`
      else if (message.kind === 'finished') resolve(message.result)
      else if (message.kind === 'failed')
        reject(
          new TaskFailure(
            message.isDiskFull
              ? 'The disk is full: the export was given up.'
              : 'The export could not be finished.',
            message.fault,
          ),
        )
    })
    worker.on('error', () => reject(new TaskFailure('The export could not be finished.', 'worker')))
  })
  return {
    finished,
    progress: () => progress,
    stop: async () => {
      await worker.terminate()
    },
  }
}
