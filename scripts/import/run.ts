import type { LoadTarget } from '@openward/population/load'

import { readDocuments } from './documents.ts'
import { findFiles, isReferenceData, type SourceFile } from './files.ts'
import { type Problem, type Reading, readItems } from './items.ts'
import { sendReading } from './send.ts'
import { ImportState } from './state.ts'

/** Single resources travel together. */
const BATCH_ITEMS = 200
const LANES = 3

export type ImportEvents = {
  onProblem: (file: string, problem: Problem) => void
  onSkipped: (file: string, problem: Problem) => void
  onProgress: (progress: { filesDone: number; files: number; stored: number }) => void
  onContinued: (filesDone: number, files: number) => void
}
export type ImportResult = {
  stored: readonly (readonly [type: string, count: number])[]
  problems: number
  files: number
  skipped: number
}

function emptyReading(): Reading {
  return { items: [], problems: [], skipped: [], conditional: new Map() }
}

function safely(value: unknown, where: string): Reading {
  try {
    return readItems(value, where)
  } catch {
    return { ...emptyReading(), problems: [{ where, reason: 'it is nested too deeply' }] }
  }
}

class Import {
  readonly #target: LoadTarget
  readonly #state: ImportState
  readonly #events: ImportEvents
  readonly #files: number
  #filesDone = 0
  #stored = 0
  skipped = 0

  constructor(target: LoadTarget, state: ImportState, events: ImportEvents, files: number) {
    this.#target = target
    this.#state = state
    this.#events = events
    this.#files = files
  }

  async file(file: SourceFile): Promise<void> {
    if (!this.#state.isDone(file)) await this.#documents(file)
    this.#filesDone += 1
    this.#tell()
  }

  async #documents(file: SourceFile): Promise<void> {
    const before = this.#state.documentsDone(file)
    let count = 0
    let waiting = emptyReading()
    for await (const document of readDocuments(file)) {
      count += 1
      if (count <= before) continue
      if ('problem' in document) this.#problem(file, { where: document.where, reason: document.problem })
      else if ('skipped' in document) this.#skip(file, { where: document.where, reason: document.skipped })
      else {
        const reading = safely(document.value, document.where)
        for (const problem of reading.problems) this.#problem(file, problem)
        for (const skipped of reading.skipped) this.#skip(file, skipped)
        if (reading.items.length === 1 && reading.conditional.size === 0) waiting.items.push(...reading.items)
        else await this.#send(file, reading)
      }
      if (waiting.items.length < BATCH_ITEMS) continue
      await this.#send(file, waiting)
      waiting = emptyReading()
      this.#state.setProgress(file, count, false)
    }
    await this.#send(file, waiting)
    this.#state.setProgress(file, count, true)
  }

  async #send(file: SourceFile, reading: Reading): Promise<void> {
    if (reading.items.length === 0) return
    const sent = await sendReading(this.#target, reading)
    this.#state.addStored(sent.stored)
    for (const count of sent.stored.values()) this.#stored += count
    for (const problem of sent.problems) this.#problem(file, problem)
    this.#tell()
  }

  #problem(file: SourceFile, problem: Problem): void {
    this.#state.addProblem()
    this.#events.onProblem(file.name, problem)
  }

  #skip(file: SourceFile, problem: Problem): void {
    this.skipped += 1
    this.#events.onSkipped(file.name, problem)
  }

  #tell(): void {
    this.#events.onProgress({ filesDone: this.#filesDone, files: this.#files, stored: this.#stored })
  }
}

/** Runs tasks on a few lanes; the first failure stops every lane after what it is doing. */
async function onLanes(
  files: readonly SourceFile[],
  task: (file: SourceFile) => Promise<void>,
): Promise<void> {
  const waiting = [...files]
  let failure: unknown
  async function lane(): Promise<void> {
    for (let file = waiting.shift(); file && failure === undefined; file = waiting.shift()) {
      try {
        await task(file)
      } catch (error) {
        failure ??= error
      }
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  if (failure !== undefined) throw failure
}

/**
 * Sends every FHIR file below `source` to a FHIR server. What is bad is told through `events` and left out; the rest
 * goes on. Throws `Failure` when the server is away; the state file then lets the next run go on from there.
 */
export async function runImport(options: {
  target: LoadTarget
  source: string
  stateFolder: string
  events: ImportEvents
}): Promise<ImportResult> {
  const { target, source, stateFolder, events } = options
  const { files, skipped } = findFiles(source)
  for (const { name, reason } of skipped) events.onSkipped(name, { where: '', reason })
  const state = new ImportState(stateFolder, target.baseUrl, source)
  if (state.isContinued) events.onContinued(files.filter((file) => state.isDone(file)).length, files.length)
  const running = new Import(target, state, events, files.length)
  try {
    for (const file of files.filter(isReferenceData)) await running.file(file)
    await onLanes(
      files.filter((file) => !isReferenceData(file)),
      (file) => running.file(file),
    )
  } catch (error) {
    state.save()
    throw error
  }
  state.remove()
  return {
    stored: state.stored,
    problems: state.problems,
    files: files.length,
    skipped: skipped.length + running.skipped,
  }
}
