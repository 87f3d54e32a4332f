import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

import { Failure } from '../system/failure.ts'
import type { SourceFile } from './files.ts'

const schema = z.object({
  baseUrl: z.string(),
  source: z.string(),
  files: z.record(
    z.string(),
    z.object({
      sizeBytes: z.number(),
      modifiedMs: z.number(),
      documents: z.number(),
      isDone: z.boolean(),
    }),
  ),
  stored: z.record(z.string(), z.number()),
  problems: z.number(),
})

const SAVE_EVERY_MS = 1_000

/** How far an import got, kept in a file so that an interrupted one goes on. Whatever is sent twice changes nothing. */
export class ImportState {
  readonly path: string
  readonly #state: z.infer<typeof schema>
  #savedAt = 0

  constructor(folder: string, baseUrl: string, source: string) {
    const hash = createHash('sha256').update(`${baseUrl}|${source}`).digest('hex').slice(0, 12)
    this.path = join(folder, `import-${hash}.json`)
    this.#state = this.#read() ?? { baseUrl, source, files: {}, stored: {}, problems: 0 }
  }

  #read(): z.infer<typeof schema> | undefined {
    if (!existsSync(this.path)) return undefined
    try {
      return schema.parse(JSON.parse(readFileSync(this.path, 'utf8')))
    } catch {
      return undefined
    }
  }

  /** True when an earlier run of the same import did not end. */
  get isContinued(): boolean {
    return Object.keys(this.#state.files).length > 0
  }

  get problems(): number {
    return this.#state.problems
  }

  get stored(): readonly (readonly [type: string, count: number])[] {
    return Object.entries(this.#state.stored).toSorted(([a], [b]) => (a < b ? -1 : 1))
  }

  #entry(file: SourceFile): z.infer<typeof schema>['files'][string] | undefined {
    const known = this.#state.files[file.name]
    const isSame = known?.sizeBytes === file.sizeBytes && known.modifiedMs === file.modifiedMs
    return isSame ? known : undefined
  }

  isDone(file: SourceFile): boolean {
    return this.#entry(file)?.isDone === true
  }

  /** How many documents (lines, archive members) of the file were sent before. */
  documentsDone(file: SourceFile): number {
    return this.#entry(file)?.documents ?? 0
  }

  addStored(stored: ReadonlyMap<string, number>): void {
    for (const [type, count] of stored) this.#state.stored[type] = (this.#state.stored[type] ?? 0) + count
  }

  addProblem(): void {
    this.#state.problems += 1
  }

  setProgress(file: SourceFile, documents: number, isDone: boolean): void {
    const { sizeBytes, modifiedMs } = file
    this.#state.files[file.name] = { sizeBytes, modifiedMs, documents, isDone }
    if (performance.now() - this.#savedAt > SAVE_EVERY_MS) this.save()
  }

  save(): void {
    this.#savedAt = performance.now()
    const partial = `${this.path}.partial`
    try {
      writeFileSync(partial, JSON.stringify(this.#state), { mode: 0o600 })
      renameSync(partial, this.path)
    } catch (error) {
      throw new Failure(
        `How far the import got cannot be written to ${this.path}: ${(error as Error).message}.`,
      )
    }
  }

  /** Forgets the import: it came to its end. */
  remove(): void {
    rmSync(this.path, { force: true })
  }
}
