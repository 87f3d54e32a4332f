import { gunzipSync } from 'node:zlib'

import { openFile, reasonToSkip, type SourceFile } from './files.ts'
import { readTar } from './tar.ts'

const MAX_JSON_BYTES = 256 * 1024 * 1024
const MAX_LINE_CHARACTERS = 64 * 1024 * 1024

/** One JSON value of a file, or why it could not be had. `where` tells the place within the file; empty for the whole. */
export type Document = { where: string } & ({ value: unknown } | { problem: string } | { skipped: string })

function parse(where: string, text: string): Document {
  try {
    return { where, value: JSON.parse(text.replace(/^\ufeff/, '')) as unknown }
  } catch {
    return { where, problem: 'it is not valid JSON' }
  }
}

async function readWhole(chunks: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > MAX_JSON_BYTES) return undefined
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

const TOO_LARGE = `it is larger than ${MAX_JSON_BYTES / 1024 / 1024} MB; bring it as NDJSON`

/** Lines with their numbers, each held alone; a line without end is cut off and comes as undefined. */
async function* readLines(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<[number: number, line: string | undefined]> {
  const decoder = new TextDecoder()
  let number = 1
  let held = ''
  let isTooLong = false
  for await (const chunk of chunks) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n')
    for (const [index, piece] of pieces.entries()) {
      if (held.length + piece.length > MAX_LINE_CHARACTERS) isTooLong = true
      held = isTooLong ? '' : held + piece
      if (index === pieces.length - 1) break
      yield [number, isTooLong ? undefined : held]
      number += 1
      held = ''
      isTooLong = false
    }
  }
  if (held.trim() !== '' || isTooLong) yield [number, isTooLong ? undefined : held]
}

async function* readNdjson(chunks: AsyncIterable<Buffer>): AsyncGenerator<Document> {
  for await (const [number, line] of readLines(chunks)) {
    const where = `line ${number}`
    if (line === undefined) yield { where, problem: 'the line is too long' }
    else if (line.trim() !== '') yield parse(where, line)
  }
}

function* parseLines(where: string, text: string): Generator<Document> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() !== '') yield parse(`${where}, line ${index + 1}`, line)
  }
}

function* readMember(path: string, content: Buffer): Generator<Document> {
  let bytes = content
  if (path.endsWith('.gz')) {
    try {
      bytes = gunzipSync(content, { maxOutputLength: MAX_JSON_BYTES })
    } catch {
      yield { where: path, problem: 'it cannot be unpacked' }
      return
    }
  }
  const text = bytes.toString('utf8')
  if (/\.(ndjson|jsonl)(\.gz)?$/i.test(path)) yield* parseLines(path, text)
  else yield parse(path, text)
}

async function* readArchive(chunks: AsyncIterable<Buffer>): AsyncGenerator<Document> {
  for await (const { path, content } of readTar(chunks, MAX_JSON_BYTES)) {
    const reason = /\.(tar|tgz|tar\.gz)$/i.test(path)
      ? 'it is an archive inside an archive'
      : reasonToSkip(path)
    if (reason !== undefined) yield { where: path, skipped: reason }
    else if (!content) yield { where: path, problem: TOO_LARGE }
    else yield* readMember(path, content)
  }
}

/** Every JSON value of a file, one at a time. What cannot be read is told as a problem; this never throws for content. */
export async function* readDocuments(file: SourceFile): AsyncGenerator<Document> {
  try {
    if (file.kind === 'ndjson') yield* readNdjson(openFile(file))
    else if (file.kind === 'tar') yield* readArchive(openFile(file))
    else {
      const bytes = await readWhole(openFile(file))
      yield bytes ? parse('', bytes.toString('utf8')) : { where: '', problem: TOO_LARGE }
    }
  } catch (error) {
    yield { where: '', problem: `it cannot be read to its end: ${(error as Error).message}` }
  }
}
