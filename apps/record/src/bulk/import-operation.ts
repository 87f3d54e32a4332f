import { randomUUID } from 'node:crypto'
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { outcomeJson, Refusal } from '../fhir/outcome.ts'
import type { Operation, OperationAnswer, OperationCall } from '../operations/operation.ts'
import { importLines, ImportInterrupted, noCounts } from './import.ts'
import { IMPORT_BODY, refusalText } from './import-task.ts'
import { accepted, isAsync, tooMany } from './operations.ts'

export const IMPORT: Operation = {
  name: 'import',
  definition: 'https://openward.example/fhir/OperationDefinition/import',
  levels: ['system'],
  methods: ['POST'],
  readsBodyItself: true,
  run: answerImport,
}

const TYPES = new Set(['application/fhir+ndjson', 'application/ndjson', 'application/x-ndjson'])
const SILENCE_MS = 60_000
const MAX_TOLD = 100

/**
 * POST $import: a resource per line, each stored as the `Type/id` that it is. Answered when all is stored, or with
 * `Prefer: respond-async` as soon as the lines are kept.
 */
async function answerImport(call: OperationCall): Promise<OperationAnswer> {
  const { request } = call
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (!TYPES.has(type) || !['', 'identity'].includes(request.headers['content-encoding'] ?? ''))
    throw new Refusal(415, 'not-supported', 'An import is sent as application/fhir+ndjson, not compressed.')
  request.setTimeout(SILENCE_MS, () => request.destroy())
  try {
    return isAsync(call) ? await keep(call) : await importNow(call)
  } finally {
    request.setTimeout(0)
  }
}

async function importNow({ request, organization }: OperationCall): Promise<OperationAnswer> {
  const counts = noCounts()
  const told: string[] = []
  try {
    await importLines(request, {
      write: (interaction) => organization.writer.write(interaction),
      onRefused: (line, issues) => {
        if (told.length < MAX_TOLD) told.push(`{"name":"outcome","resource":${refusalText(line, issues)}}`)
      },
      counts,
      isStopped: () => request.destroyed && !request.complete,
    })
  } catch (error) {
    if (error instanceof ImportInterrupted) return { status: 503, body: '' }
    if (request.complete) throw error
    throw new Refusal(400, 'incomplete', 'The lines ended too early: send them again.')
  }
  const numbers = Object.entries(counts).map(([name, value]) => `{"name":"${name}","valueInteger":${value}}`)
  return {
    status: 200,
    body: `{"resourceType":"Parameters","parameter":[${[...numbers, ...told].join(',')}]}`,
  }
}

/** Keeps the lines on disk first, so that the job outlives the connection and the process. */
async function keep(call: OperationCall): Promise<OperationAnswer> {
  const { jobs, reader } = call.organization
  if (jobs.isFull) return tooMany()
  const id = randomUUID()
  const folder = jobs.pathOf(id, '')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    await pipeline(
      call.request,
      createWriteStream(jobs.pathOf(id, IMPORT_BODY), { mode: 0o600, flush: true }),
    )
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return noSpace()
    throw new Refusal(400, 'incomplete', 'The lines ended too early: send them again.')
  }
  const job = jobs.start(`${reader.base}/$import`, { kind: 'import' }, id)
  if (job !== undefined) return accepted(call, job)
  rmSync(folder, { recursive: true, force: true })
  return tooMany()
}

function noSpace(): OperationAnswer {
  const text = 'There is no room to keep the lines: send them without "Prefer: respond-async".'
  return { status: 503, body: outcomeJson([{ severity: 'error', code: 'no-store', details: { text } }]) }
}
