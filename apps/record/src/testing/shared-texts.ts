import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const FOLDER = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url))
const BLOCK = 512

/** A file of the data that nobody here made up, unpacked; undefined where it is not there. */
export function readShared(name: string): Buffer | undefined {
  return existsSync(FOLDER + name) ? gunzipSync(readFileSync(FOLDER + name)) : undefined
}

/** The JSON files of one of its tar archives, as text. */
export function jsonFilesIn(name: string): { file: string; text: string }[] {
  const archive = readShared(name)
  const found: { file: string; text: string }[] = []
  for (let at = 0; archive !== undefined && at + BLOCK <= archive.length;) {
    const field = (from: number, length: number) =>
      archive.toString('latin1', at + from, at + from + length).replace(/\0.*$/s, '')
    const [path, size] = [field(0, 100), Number.parseInt(field(124, 12) || '0', 8)]
    const text = archive.toString('utf8', at + BLOCK, at + BLOCK + size)
    if (path.endsWith('.json')) found.push({ file: path.slice(path.lastIndexOf('/') + 1), text })
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return found
}

/** The validator cases of the standard: resources, valid or not, and texts that are no JSON at all. */
export function validatorCases(): { name: string; text: string }[] {
  const lines = readShared('fhir-test-cases/r4-validator-cases.ndjson.gz')
    ?.toString('utf8')
    .trim()
    .split('\n')
  return (lines ?? []).map((line) => JSON.parse(line))
}

/**
 * What a JSON text says, to compare it by: numbers as they are written, and without what every version has of its own.
 */
export function contentOf(text: string): unknown {
  const reviver = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? `number ${context?.source}` : value
  const content = JSON.parse(text.replace(/^\uFEFF/, ''), reviver)
  delete content.id
  delete content.meta?.versionId
  delete content.meta?.lastUpdated
  if (Object.keys(content.meta ?? {}).length === 0) delete content.meta
  return content
}
