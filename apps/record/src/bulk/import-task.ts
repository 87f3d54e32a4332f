import { createReadStream, statSync } from 'node:fs'
import path from 'node:path'
import type { OutcomeIssue } from '../fhir/outcome.ts'
import type { Writer } from '../writer/client.ts'
import { importLines, ImportInterrupted, noCounts } from './import.ts'
import type { JobResult } from './job.ts'
import { NdjsonFiles } from './ndjson-files.ts'
import { type Task, TaskFailure } from './task.ts'

/** Where the lines of an import wait, below the folder of its job. */
export const IMPORT_BODY = 'body'
/** So many refusals are told with their reasons, the others are counted. */
const MAX_TOLD = 1000

/** Goes through a kept body from its beginning: what an interrupted attempt has stored already stays as it is. */
export function startImport(folder: string, writer: Writer): Task {
  const body = path.join(folder, IMPORT_BODY)
  const counts = noCounts()
  const total = statSync(body).size
  let done = 0
  let isStopped = false
  const refusals = new NdjsonFiles(folder, 'refused-')
  const read = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of createReadStream(body) as AsyncIterable<Buffer>) {
      done += chunk.length
      yield chunk
    }
  }
  const run = importLines(read(), {
    write: (request) => writer.write(request),
    onRefused: (line, issues) => {
      if (counts.refused <= MAX_TOLD) refusals.add('OperationOutcome', refusalText(line, issues))
    },
    counts,
    isStopped: () => isStopped,
  })
  const finished = run.then(
    (): JobResult | Promise<JobResult> =>
      isStopped
        ? new Promise<never>(() => undefined)
        : {
            transactionTime: new Date().toISOString(),
            output: [],
            deleted: [],
            error: refusals.finish(),
            counts: { ...counts },
          },
    (error: unknown) => {
      const isStorage = error instanceof ImportInterrupted
      throw new TaskFailure(
        isStorage
          ? 'The record could not store anything: send the import again.'
          : 'The import could not be finished: send it again.',
        'import',
      )
    },
  )
  return {
    finished,
    progress: () => `${total === 0 ? 100 : Math.floor((done / total) * 100)} % read`,
    stop: async () => {
      isStopped = true
      await run.catch(() => undefined)
    },
  }
}

/** An OperationOutcome that names the line it is about. */
export function refusalText(line: number, issues: OutcomeIssue[]): string {
  const extension = [{ url: 'https://openward.example/fhir/StructureDefinition/line', valueInteger: line }]
  return JSON.stringify({ resourceType: 'OperationOutcome', extension, issue: issues })
}
