import { parentPort, workerData } from 'node:worker_threads'
import { faultOf } from '../fhir/fault.ts'
import { collectReferences, localReferences } from '../operations/references.ts'
import type { SqlPart } from '../parameters/condition.ts'
import { project } from '../search/project.ts'
import { openForReading, readParameterNumbers } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import type { ExportQuestion } from './export-question.ts'
import * as selection from './export-selection.ts'
import type { JobFile, JobResult } from './job.ts'
import { NdjsonFiles } from './ndjson-files.ts'

export interface ExportSettings {
  file: string
  base: string
  folder: string
  question: ExportQuestion
}

export type ExportMessage =
  | { kind: 'progress'; done: number; total: number }
  | { kind: 'finished'; result: JobResult }
  | { kind: 'failed'; isDiskFull: boolean; fault: string }

const PROGRESS_EVERY = 10_000
const BUNDLE_ENTRIES = 500

/** Writes an export from one moment of the record, on a connection and a thread of its own. */
function runExport(settings: ExportSettings, tell: (message: ExportMessage) => void): JobResult {
  const db = openForReading(settings.file)
  try {
    db.exec('BEGIN')
    const store: Store = { db, numbers: readParameterNumbers(db), base: settings.base }
    const moment = db.get<{ ms: number }>('SELECT upd AS ms FROM chg ORDER BY seq DESC LIMIT 1')?.ms
    const files = new NdjsonFiles(settings.folder)
    const { question } = settings
    const members = selection.membersOf(store, question)
    const types = selection.typesOf(store, question)
    const total = countOf(store, [...types.own, ...types.supporting])
    const progress = { done: 0, total }
    const texts = new Set<string>()
    const write = (type: string, sql: SqlPart) => {
      const elements = selection.elementsOf(question, type)
      for (const row of db.iterate<{ body: string }>(sql.sql, ...sql.args)) {
        if (types.supporting.length > 0) collectReferences(row.body, texts)
        files.add(type, elements === undefined ? row.body : project(row.body, elements))
        progress.done += 1
        if (progress.done % PROGRESS_EVERY === 0) tell({ kind: 'progress', ...progress })
      }
    }
    for (const type of types.own) write(type, selection.selectionSql(store, question, type, members))
    const referred = Map.groupBy(localReferences(texts, store.base), (one) => one.type)
    for (const type of types.supporting) {
      const ids = (referred.get(type) ?? []).map((one) => one.id)
      write(type, selection.supportingSql(question, type, ids, members))
    }
    const output = files.finish()
    const deleted = question.sinceMs === undefined ? [] : writeDeleted(store, settings, members, types.own)
    const transactionTime = new Date(moment ?? Date.now()).toISOString()
    return { transactionTime, output, deleted, error: [] }
  } finally {
    db.close()
  }
}

function countOf({ db }: Store, types: string[]): number {
  const sql = 'SELECT count(*) AS n FROM res WHERE rt IN (SELECT value FROM json_each(?)) AND del = 0'
  return db.get<{ n: number }>(sql, JSON.stringify(types))?.n ?? 0
}

/** Deletions are told as transactions, which whoever holds a copy can run. */
function writeDeleted(
  store: Store,
  { folder, question }: ExportSettings,
  members: selection.Members,
  types: string[],
): JobFile[] {
  const files = new NdjsonFiles(folder, 'deleted-')
  let entries: string[] = []
  const flush = () => {
    if (entries.length > 0)
      files.add('Bundle', `{"resourceType":"Bundle","type":"transaction","entry":[${entries.join(',')}]}`)
    entries = []
  }
  for (const type of types) {
    const { sql, args } = selection.deletedSql(question, type)
    for (const { id, patients } of store.db.iterate<{ id: string; patients: string | null }>(sql, ...args)) {
      const persons = patients === null || patients === '' ? [] : patients.split(',')
      const isAsked =
        question.level === 'system' || persons.some((person) => members === undefined || members.has(person))
      if (!isAsked) continue
      entries.push(`{"request":{"method":"DELETE","url":"${type}/${id}"}}`)
      if (entries.length === BUNDLE_ENTRIES) flush()
    }
  }
  flush()
  return files.finish()
}

function start(port: NonNullable<typeof parentPort>): void {
  const tell = (message: ExportMessage) => port.postMessage(message)
  try {
    tell({ kind: 'finished', result: runExport(workerData as ExportSettings, tell) })
  } catch (error) {
    const isDiskFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC'
    tell({ kind: 'failed', isDiskFull, fault: faultOf(error) })
  }
  port.close()
}

if (parentPort !== null) start(parentPort)
