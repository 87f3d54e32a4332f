import { DatabaseSync } from 'node:sqlite'

import { CLIENT, COUNTER, type Template, VERSION } from './record-driver.ts'
import type { Server } from './record-servers.ts'

/** A kind of request, with many concrete ones of it. */
export type Query = {
  name: string
  /** The p50 that it must reach at 200,000 resources. */
  targetMs?: number
  /** Paths below the base. */
  paths: string[]
}

const KEPT = 300
const EVERYTHING = 335

/** Steady numbers from 0 up to 1, the same at every run. */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

type Row = Record<string, string>

/** What can be asked of the first `size` resources of a data file. Answers are about as large among few as among many. */
export function makeQueries(dataFile: string, size: number): Query[] {
  const db = new DatabaseSync(dataFile, { readOnly: true })
  const random = seededNumbers(size)
  const rows = (sql: string) => db.prepare(sql).all(size) as Row[]
  const ids = (type: string) =>
    rows(`SELECT id FROM resource WHERE n <= ? AND type = '${type}'`).map(({ id }) => id ?? '')
  const some = (paths: string[]) => shuffled(paths, random).slice(0, KEPT)
  const patients = some(ids('Patient'))
  const observations = rows(
    `SELECT patient, body ->> '$.category[0].coding[0].code' AS category, body ->> '$.code.coding[0].system' AS system,
      body ->> '$.code.coding[0].code' AS code FROM resource WHERE n <= ? AND type = 'Observation' AND patient IS NOT NULL`,
  )
  const families = new Map(
    rows(
      `SELECT id, body ->> '$.name[0].family' AS family FROM resource WHERE n <= ? AND type = 'Patient'`,
    ).map(({ id, family }) => [id ?? '', encodeURIComponent(family ?? '')]),
  )
  const familyOf = ({ patient }: Row) => families.get(patient ?? '') ?? ''
  const codeOf = ({ system, code }: Row) => `${encodeURIComponent(system ?? '')}%7C${code ?? ''}`
  const wholes = rows(
    `SELECT patient AS id, count(*) AS n FROM resource WHERE n <= ? AND patient IS NOT NULL GROUP BY patient
     ORDER BY abs(count(*) - ${EVERYTHING}) LIMIT 20`,
  ).map(({ id }) => id ?? '')
  const queries: Query[] = [
    { name: 'read Patient', targetMs: 0.6, paths: patients.map((id) => `Patient/${id}`) },
    {
      name: 'read Observation',
      targetMs: 0.6,
      paths: some(ids('Observation')).map((id) => `Observation/${id}`),
    },
    {
      name: 'name',
      targetMs: 0.8,
      paths: some([...families.values()]).map((family) => `Patient?name=${family}`),
    },
    { name: 'appointments: actor, date, status', targetMs: 1, paths: some(appointments(rows)) },
    {
      name: 'observations: patient, category, sorted',
      targetMs: 1,
      paths: some(
        observations.map(
          ({ patient, category }) =>
            `Observation?patient=Patient/${patient}&category=${category}&_sort=-date&_count=20`,
        ),
      ),
    },
    {
      name: 'encounters, two includes, sorted',
      targetMs: 1.3,
      paths: patients.map(
        (id) =>
          `Encounter?patient=Patient/${id}&_include=Encounter:service-provider&_include=Encounter:practitioner&_sort=-date&_count=20`,
      ),
    },
    {
      name: 'chain: patient.family, code',
      targetMs: 1.3,
      paths: some(
        observations.map((one) => `Observation?patient.family=${familyOf(one)}&code=${codeOf(one)}`),
      ),
    },
    {
      name: 'reverse chain: family, _has code',
      paths: some(
        observations.map(
          (one) => `Patient?family=${familyOf(one)}&_has:Observation:patient:code=${codeOf(one)}`,
        ),
      ),
    },
    {
      name: 'patient, two reverse includes',
      targetMs: 0.6,
      paths: patients.map(
        (id) => `Patient?_id=${id}&_revinclude=AllergyIntolerance:patient&_revinclude=CarePlan:patient`,
      ),
    },
    {
      name: '$everything of about 335',
      targetMs: 10,
      paths: wholes.map((id) => `Patient/${id}/$everything?_count=1000`),
    },
    { name: 'whole type, newest first', targetMs: 10, paths: ['Observation?_sort=-date&_count=20'] },
    { name: 'whole type, oldest first', targetMs: 10, paths: ['Observation?_sort=date&_count=20'] },
    {
      name: 'whole type, category, newest first',
      targetMs: 10,
      paths: [...new Set(observations.map(({ category }) => category))].map(
        (category) => `Observation?category=${category}&_sort=-date&_count=20`,
      ),
    },
  ]
  db.close()
  return queries.filter(({ paths }) => paths.length > 0)
}

/** Each clinician's visits from the day of their tenth newest on, so that as many answer among few as among many. */
function appointments(rows: (sql: string) => Row[]): string[] {
  const found = rows(
    `SELECT actor.value ->> '$.actor.reference' AS actor, body ->> '$.start' AS start
     FROM resource, json_each(body, '$.participant') actor
     WHERE n <= ? AND resource.type = 'Appointment' AND body ->> '$.status' = 'booked'`,
  ).filter(({ actor }) => actor?.startsWith('Practitioner/'))
  return [...Map.groupBy(found, ({ actor }) => actor)].map(([actor, visits]) => {
    const starts = visits.map(({ start }) => start ?? '').toSorted((a, b) => b.localeCompare(a))
    const day = (starts[9] ?? starts.at(-1) ?? '').slice(0, 10)
    return `Appointment?actor=${actor}&date=ge${day}&status=booked`
  })
}

function http(
  server: Server,
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
) {
  const all: Record<string, string> = {
    host: server.url.host,
    accept: 'application/fhir+json',
    ...server.headers,
    ...headers,
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/fhir+json', 'content-length': String(Buffer.byteLength(body)) }),
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const slash = path === '' ? '' : '/'
  const base = server.url.pathname.replace(/\/$/, '')
  return `${method} ${base}${slash}${path}${base === '' && path === '' ? '/' : ''} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`
}

export function readsOf(server: Server, paths: readonly string[]): Template[] {
  return paths.map((path) => ({ text: http(server, 'GET', path) }))
}

/** Observations of the data, without ids, to be created again. */
export function bodiesToCreate(dataFile: string, size: number, count: number): string[] {
  const db = new DatabaseSync(dataFile, { readOnly: true })
  const bodies = db
    .prepare("SELECT body FROM resource WHERE n <= ? AND type = 'Observation' ORDER BY n LIMIT ?")
    .all(size, count)
    .map(({ body }) => {
      const { id: _id, ...rest } = JSON.parse(String(body)) as Record<string, unknown>
      return JSON.stringify(rest)
    })
  db.close()
  return bodies
}

export function createsOf(server: Server, bodies: readonly string[]): Template[] {
  return bodies.map((body) => ({ text: http(server, 'POST', 'Observation', body) }))
}

/** A transaction of these entries, or a whole bundle as somebody else made it. */
export function transactionOf(server: Server, entries: readonly string[] | string): Template {
  const body =
    typeof entries === 'string'
      ? entries
      : `{"resourceType":"Bundle","type":"transaction","entry":[${entries.join(',')}]}`
  return { text: http(server, 'POST', '', body) }
}

/** Transactions of so many creates each. */
export function transactionsOf(server: Server, bodies: readonly string[], size: number): Template[] {
  return Array.from({ length: Math.floor(bodies.length / size) }, (_one, at) =>
    transactionOf(
      server,
      bodies
        .slice(at * size, (at + 1) * size)
        .map((body) => `{"resource":${body},"request":{"method":"POST","url":"Observation"}}`),
    ),
  )
}

function changingResource(): string {
  return `{"resourceType":"Basic","id":"bench-${CLIENT}","code":{"text":"${COUNTER}"}}`
}

/** Makes the resource that a client then changes; sent once by each. */
export function makeChanging(server: Server): Template {
  return { text: http(server, 'PUT', `Basic/bench-${CLIENT}`, changingResource()), isChanging: true }
}

/** Each client changes its own resource, by the version that it knows. */
export function updatesOf(server: Server): Template[] {
  const path = `Basic/bench-${CLIENT}`
  return [
    {
      text: http(server, 'PUT', path, changingResource(), { 'if-match': VERSION }),
      isChanging: true,
      versionOf: http(server, 'GET', path),
    },
  ]
}
