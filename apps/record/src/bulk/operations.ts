import { createReadStream, statSync } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { invalidRequest, notFound, outcomeJson, Refusal } from '../fhir/outcome.ts'
import { findResource } from '../store/store.ts'
import type { Operation, OperationAnswer, OperationCall } from '../operations/operation.ts'
import { operationPairs } from '../operations/parameters.ts'
import { type ExportQuestion, readExportQuestion } from './export-question.ts'
import type { Job, JobFile } from './job.ts'

const BULK = 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition'

export const SYSTEM_EXPORT: Operation = {
  name: 'export',
  definition: `${BULK}/export`,
  levels: ['system'],
  methods: ['GET', 'POST'],
  run: (call) => kickOff(call, { level: 'system' }),
}

export const PATIENT_EXPORT: Operation = {
  name: 'export',
  definition: `${BULK}/patient-export`,
  levels: ['type'],
  types: ['Patient'],
  methods: ['GET', 'POST'],
  run: (call) => kickOff(call, { level: 'patient' }),
}

export const GROUP_EXPORT: Operation = {
  name: 'export',
  definition: `${BULK}/group-export`,
  levels: ['instance'],
  types: ['Group'],
  methods: ['GET', 'POST'],
  run: (call) => kickOff(call, { level: 'group', group: call.id ?? '' }),
}

export const JOB_STATUS: Operation = {
  name: 'job-status',
  levels: ['system'],
  methods: ['GET', 'DELETE'],
  run: answerStatus,
}

export const JOB_FILE: Operation = { name: 'job-file', levels: ['system'], methods: ['GET'], run: answerFile }

function kickOff(call: OperationCall, scope: Pick<ExportQuestion, 'level' | 'group'>): OperationAnswer {
  const { organization, interaction } = call
  const { reader, jobs } = organization
  if (interaction.method === 'HEAD')
    throw new Refusal(405, 'not-supported', 'An export is asked by GET or POST.')
  if (!isAsync(call)) throw invalidRequest('$export is answered only with "Prefer: respond-async".', 'Prefer')
  if (scope.group !== undefined) {
    const group = findResource(reader, 'Group', scope.group)
    if (group === undefined) throw notFound()
    if (group.isDeleted) throw new Refusal(410, 'deleted', 'The resource was deleted.')
  }
  const pairs = operationPairs(call)
  const asked = readExportQuestion(scope.level, pairs, reader.base, interaction.isLenient)
  const path = interaction.path.join('/')
  const request = `${reader.base}/${path}${interaction.query === '' ? '' : `?${interaction.query}`}`
  const job = jobs.start(request, { kind: 'export', question: { ...asked, ...scope } })
  return job === undefined ? tooMany() : accepted(call, job)
}

export function isAsync({ request }: OperationCall): boolean {
  return String(request.headers['prefer'] ?? '').includes('respond-async')
}

export function accepted({ organization }: OperationCall, job: Job): OperationAnswer {
  const location = `${organization.reader.base}/$job-status?job=${job.id}`
  return { status: 202, body: '', headers: { 'content-location': location } }
}

export function tooMany(): OperationAnswer {
  const text = 'As many exports and imports are running or kept as there may be: wait, or delete one.'
  const body = outcomeJson([{ severity: 'error', code: 'throttled', details: { text } }])
  return { status: 429, body, headers: { 'retry-after': '30' } }
}

function requireJob({ organization, interaction }: OperationCall): Job {
  const job = organization.jobs.find(new URLSearchParams(interaction.query).get('job') ?? '')
  if (job === undefined)
    throw new Refusal(404, 'not-found', 'There is no such job: it was ended or has expired.')
  return job
}

async function answerStatus(call: OperationCall): Promise<OperationAnswer> {
  const job = requireJob(call)
  const { jobs, reader } = call.organization
  if (call.interaction.method === 'DELETE') {
    await jobs.remove(job)
    return { status: 202, body: '' }
  }
  if (job.endedMs === undefined)
    return { status: 202, body: '', headers: { 'x-progress': jobs.progressOf(job), 'retry-after': '1' } }
  const expires = { expires: new Date(jobs.expiresMs(job)).toUTCString() }
  if (job.result === undefined) {
    const text = job.failure ?? 'The job could not be finished.'
    return {
      status: 500,
      body: outcomeJson([{ severity: 'error', code: 'exception', details: { text } }]),
      headers: expires,
    }
  }
  const { transactionTime, counts } = job.result
  const told = (files: JobFile[]) =>
    files.map(({ type, name, count }) => ({
      type,
      url: `${reader.base}/$job-file?job=${job.id}&file=${name}`,
      count,
    }))
  const manifest = {
    transactionTime,
    request: job.request,
    requiresAccessToken: true,
    output: told(job.result.output),
    deleted: told(job.result.deleted),
    error: told(job.result.error),
    ...(counts === undefined ? {} : { extension: { counts } }),
  }
  return { status: 200, body: JSON.stringify(manifest), contentType: 'application/json', headers: expires }
}

/** Only files that the job's manifest names, so that no path comes from outside. */
function answerFile(call: OperationCall): OperationAnswer {
  const job = requireJob(call)
  const { jobs } = call.organization
  const name = new URLSearchParams(call.interaction.query).get('file')
  const { output = [], deleted = [], error = [] } = job.result ?? {}
  const file = [...output, ...deleted, ...error].find((one) => one.name === name)
  if (file === undefined) throw notFound()
  const path = jobs.pathOf(job.id, file.name)
  const headers: Record<string, string> = { expires: new Date(jobs.expiresMs(job)).toUTCString() }
  const plain = createReadStream(path, { highWaterMark: 256 * 1024 })
  let stream: Readable = plain
  if (/\bgzip\b/.test(String(call.request.headers['accept-encoding'] ?? ''))) {
    headers['content-encoding'] = 'gzip'
    stream = pipeline(plain, createGzip({ level: 1 }), () => undefined)
  } else headers['content-length'] = String(statSync(path).size)
  return { status: 200, body: '', stream, contentType: 'application/fhir+ndjson', headers }
}
