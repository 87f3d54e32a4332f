import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync } from 'node:zlib'

import { generatePopulation } from '@openward/population'

import { ROOT } from '../system/env.ts'

type Json = Record<string, unknown>
type Made = { type: string; id: string; body: string }

const SYNTHEA = join(ROOT, '../shared/data/synthea')
const UUID = /(urn:uuid:)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g
/** People of a copy have names of their own, so that a name finds as many of them among few as among many. */
const NAME_BEGINNINGS = ['', 'Mc', 'De', 'Van', 'Fitz', 'Le', 'San', 'Al', 'Von', 'Ter']
/** Organizations and practitioners are the same in every copy. */
const SHARED = new Set(['Organization', 'Practitioner', 'Location'])

/** The Synthea bundles as they are, hospitals and practitioners first; none when they are not there. */
export function syntheaFiles(): string[] {
  if (!existsSync(SYNTHEA)) return []
  const files = readdirSync(SYNTHEA).filter((name) => name.endsWith('.json.gz'))
  const isShared = (name: string) => /^(hospital|practitioner)/.test(name)
  return [...files.filter(isShared), ...files.filter((name) => !isShared(name))].map((name) =>
    join(SYNTHEA, name),
  )
}

export function readSynthea(file: string): string {
  return gunzipSync(readFileSync(file)).toString('utf8')
}

function idFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

type Encounter = {
  id: string
  period: { start: string; end: string }
  subject: Json
  participant?: { individual?: Json }[]
}

/** The visit that an Encounter must have been planned as. */
function appointmentOf(encounter: Encounter): Made {
  const id = idFrom(`appointment ${encounter.id}`)
  const { start, end } = encounter.period
  const isBooked = Number.parseInt(id.slice(0, 2), 16) % 2 === 0
  const actors = [
    encounter.subject,
    ...(encounter.participant ?? []).flatMap(({ individual }) => individual ?? []),
  ]
  const appointment = {
    resourceType: 'Appointment',
    id,
    status: isBooked ? 'booked' : 'fulfilled',
    start,
    end,
    participant: actors.map((actor) => ({ actor, status: 'accepted' })),
  }
  return { type: 'Appointment', id, body: JSON.stringify(appointment) }
}

function* peopleOfSynthea(file: string, copy: number): Generator<Made> {
  const { entry } = JSON.parse(readSynthea(file)) as { entry: { fullUrl: string; resource: Json }[] }
  const types = new Map(
    entry.map(({ fullUrl, resource }) => [fullUrl.slice(9), String(resource['resourceType'])]),
  )
  const renamed = new Map<string, string>()
  const idOf = (uuid: string) => {
    const known = renamed.get(uuid)
    if (known !== undefined) return known
    const isKept = copy === 0 || SHARED.has(types.get(uuid) ?? '')
    const id = isKept ? uuid : idFrom(`${copy} ${uuid}`)
    renamed.set(uuid, id)
    return id
  }
  for (const { resource } of entry) {
    const type = String(resource['resourceType'])
    if (type === 'Patient')
      for (const name of resource['name'] as { family: string }[])
        name.family = `${NAME_BEGINNINGS[copy] ?? `${copy}-`}${name.family}`
    const body = JSON.stringify(resource).replaceAll(UUID, (_all, urn: string | undefined, uuid: string) =>
      urn === undefined ? idOf(uuid) : `${types.get(uuid) ?? 'Basic'}/${idOf(uuid)}`,
    )
    yield { type, id: idOf(String(resource['id'])), body }
    if (type === 'Encounter') yield appointmentOf(JSON.parse(body) as Encounter)
  }
}

function* fromSynthea(files: readonly string[]): Generator<Made> {
  for (let copy = 0; ; copy++) for (const file of files) yield* peopleOfSynthea(file, copy)
}

/** Small towns, one after the other, each with ids of its own. */
function* fromPopulation(): Generator<Made> {
  for (let town = 0; ; town++) {
    const plan = { seed: town, anchorDate: '2026-01-05', now: Date.UTC(2026, 0, 5, 12), patients: 100 }
    for (const resource of generatePopulation({ ...plan, organization: 'openward' })) {
      const id = `t${town}-${resource.id}`
      const body = JSON.stringify({ ...resource, id }).replaceAll(
        /"reference":"([A-Z][A-Za-z]+)\/([^"]+)"/g,
        `"reference":"$1/t${town}-$2"`,
      )
      yield { type: resource.resourceType, id, body }
    }
  }
}

/**
 * A file with the first `size` resources of an endless, always equal stream, in the order in which they are to be
 * stored: Synthea's people under new ids where they are there, our own population otherwise.
 */
export function makeData(folder: string, size: number, log: (sentence: string) => void): string {
  const files = syntheaFiles()
  const file = join(folder, `data-${size}-${files.length > 0 ? 'synthea' : 'population'}.sqlite`)
  if (existsSync(file)) return file
  log(`making ${size} resources from ${files.length > 0 ? 'the Synthea bundles' : 'our own population'}`)
  const unfinished = `${file}.part`
  rmSync(unfinished, { force: true })
  const db = new DatabaseSync(unfinished)
  db.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE resource (n INTEGER PRIMARY KEY, type TEXT, id TEXT, patient TEXT, body TEXT, UNIQUE (type, id)); BEGIN',
  )
  const insert = db.prepare(
    'INSERT OR IGNORE INTO resource (n, type, id, patient, body) VALUES (?, ?, ?, ?, ?)',
  )
  let count = 0
  for (const { type, id, body } of files.length > 0 ? fromSynthea(files) : fromPopulation()) {
    const patient = type === 'Patient' ? id : (/"reference":"Patient\/([^"]+)"/.exec(body)?.[1] ?? null)
    count += Number(insert.run(count + 1, type, id, patient, body).changes)
    if (count >= size) break
  }
  db.exec('COMMIT')
  db.close()
  renameSync(unfinished, file)
  return file
}
