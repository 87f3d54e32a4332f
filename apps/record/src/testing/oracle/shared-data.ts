import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { Bundle, Resource } from '@medplum/fhirtypes'
import { jsonFilesIn } from '../shared-texts.ts'

const folder = fileURLToPath(new URL('../../../../../../shared/data/', import.meta.url))

/** The standard's example resources and those of US Core, each id once; none when the data is not there. */
export function readExamples(): Resource[] {
  const archives = ['fhir-test-cases/r4-examples.tar.gz', 'us-core/us-core-6.1.0-examples.tar.gz']
  const found = new Map<string, Resource>()
  for (const { text } of archives.flatMap(jsonFilesIn))
    for (const resource of resourcesIn(text)) found.set(`${resource.resourceType}/${resource.id}`, resource)
  return [...found.values()]
}

/** The resources of the first `people` Synthea bundles, their `urn:uuid` references made relative. */
export function readSynthea(people: number): Resource[] {
  const files = existsSync(`${folder}synthea`) ? readdirSync(`${folder}synthea`) : []
  const bundles = files.filter((name) => name.endsWith('.json.gz')).slice(0, people)
  return bundles.flatMap((name) => {
    const text = gunzipSync(readFileSync(`${folder}synthea/${name}`)).toString('utf8')
    const entries = (JSON.parse(text) as Bundle).entry ?? []
    const types = new Map(entries.map((entry) => [entry.fullUrl, entry.resource?.resourceType]))
    const relative = text.replace(
      /"reference":\s*"(urn:uuid:([^"]+))"/g,
      (_all, urn: string, id: string) => `"reference":"${types.get(urn) ?? 'Basic'}/${id}"`,
    )
    return ((JSON.parse(relative) as Bundle).entry ?? []).flatMap(({ resource }) => resource ?? [])
  })
}

function resourcesIn(json: string): Resource[] {
  const resource = parsed(json)
  if (typeof resource?.resourceType !== 'string' || resource.id === undefined) return []
  const inside =
    resource.resourceType === 'Bundle' ? (resource.entry ?? []).map((entry) => entry.resource) : []
  return [resource, ...inside.filter((one) => one?.id !== undefined)].filter((one) => one !== undefined)
}

function parsed(json: string): Resource | undefined {
  try {
    return JSON.parse(json) as Resource
  } catch {
    return undefined
  }
}
