import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { JobFile } from './job.ts'

const CHUNK_CHARACTERS = 1_000_000
const MAX_FILE_BYTES = 256 * 1024 * 1024

interface OpenFile extends JobFile {
  handle: number
  bytes: number
  lines: string[]
  characters: number
}

/** Files of one resource per line, one type after the other; a type that grows long gets several. */
export class NdjsonFiles {
  readonly #folder: string
  readonly #prefix: string
  readonly #finished: JobFile[] = []
  #open: OpenFile | undefined

  constructor(folder: string, prefix = '') {
    this.#folder = folder
    this.#prefix = prefix
  }

  add(type: string, line: string): void {
    let file = this.#open
    if (file === undefined || file.type !== type || file.bytes > MAX_FILE_BYTES) file = this.#next(type)
    file.lines.push(line)
    file.count += 1
    file.characters += line.length
    if (file.characters > CHUNK_CHARACTERS) flush(file)
  }

  finish(): JobFile[] {
    this.#close()
    return this.#finished
  }

  #next(type: string): OpenFile {
    this.#close()
    const number = this.#finished.filter((file) => file.type === type).length + 1
    const name = `${this.#prefix}${type}-${number}.ndjson`
    const handle = openSync(path.join(this.#folder, name), 'w', 0o600)
    this.#open = { type, name, handle, count: 0, bytes: 0, lines: [], characters: 0 }
    return this.#open
  }

  #close(): void {
    const file = this.#open
    if (file === undefined) return
    flush(file)
    fsyncSync(file.handle)
    closeSync(file.handle)
    this.#finished.push({ type: file.type, name: file.name, count: file.count })
    this.#open = undefined
  }
}

function flush(file: OpenFile): void {
  if (file.lines.length === 0) return
  const bytes = Buffer.from(`${file.lines.join('\n')}\n`)
  for (let at = 0; at < bytes.length;) at += writeSync(file.handle, bytes, at)
  file.bytes += bytes.length
  file.lines = []
  file.characters = 0
}
