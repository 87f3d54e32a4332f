import { isObject, type JsonObject } from '../fhir/json.ts'
import { jsonFilesIn } from './shared-texts.ts'

/** The resources in a tar archive of JSON files, by file name. */
export function readExamples(path: string): { file: string; resource: JsonObject }[] {
  return jsonFilesIn(path).flatMap(({ file, text }) => {
    const resource = readResource(text)
    return resource === undefined ? [] : [{ file, resource }]
  })
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
