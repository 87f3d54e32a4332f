import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { isObject, type JsonObject } from '../fhir/json.ts'

const SHARED = new URL('../../../../../shared/data/', import.meta.url)
const BLOCK = 512

/** A file of the data for trying out, unpacked; undefined where the data is not at hand. */
export function readShared(path: string): Buffer | undefined {
  const file = fileURLToPath(new URL(path, SHARED))
  return existsSync(file) ? gunzipSync(readFileSync(file)) : undefined
}

/** The resources in a tar archive of JSON files, by file name. */
export function readExamples(path: string): { file: string; resource: JsonObject }[] {
  const tar = readShared(path)
  const found: { file: string; resource: JsonObject }[] = []
  for (let at = 0; tar !== undefined && at + BLOCK <= tar.length;) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '')
    const size = Number.parseInt(tar.toString('ascii', at + 124, at + 136), 8) || 0
    const content = tar.toString('utf8', at + BLOCK, at + BLOCK + size)
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
    const resource = name.endsWith('.json') ? readResource(content) : undefined
    if (resource !== undefined) found.push({ file: name.slice(name.lastIndexOf('/') + 1), resource })
  }
  return found
}

function readResource(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) && typeof value['resourceType'] === 'string' ? value : undefined
  } catch {
    // Among the examples are some that are no JSON on purpose.
    return undefined
  }
}
