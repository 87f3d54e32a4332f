import { createHash } from 'node:crypto'

import { printable } from './words.ts'

type Json = Record<string, unknown>

/** One resource on its way, and how it is written so that writing it twice changes nothing. */
export type Item = {
  /** Place within the file, for messages. */
  where: string
  type: string
  resource: Json
  request: { method: 'PUT' | 'POST'; url: string; ifNoneExist?: string }
  /** Set when other entries may name this one by it: only conditional creates keep it. */
  fullUrl?: string
}
export type Problem = { where: string; type?: string; reason: string }
export type Reading = {
  items: Item[]
  problems: Problem[]
  skipped: Problem[]
  /** For each kept `fullUrl`, the conditional reference that finds the resource once it is stored. */
  conditional: Map<string, string>
}

const TYPE = /^[A-Z][A-Za-z]{1,63}$/
const ID = /^[A-Za-z0-9\-.]{1,64}$/
const UUID_URN = /^urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i
const UNPACKED = new Set(['transaction', 'batch', 'collection', 'searchset'])
const LINK_KEYS = new Set([
  'reference',
  'url',
  'uri',
  'valueUri',
  'valueUrl',
  'valueCanonical',
  'valueUuid',
  'valueOid',
])

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A uuid-shaped id that depends on the text only. */
function idFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Replaces links that are exactly one of the known addresses, in place. */
export function replaceLinks(value: unknown, replacement: (link: string) => string | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) replaceLinks(item, replacement)
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      const child = value[key]
      if (typeof child !== 'string') replaceLinks(child, replacement)
      else if (LINK_KEYS.has(key)) value[key] = replacement(child) ?? child
    }
  }
}

type Entry = { where: string; fullUrl: string | undefined; resource: Json; type: string; request: Json }

/** The id under which a resource is stored: from its `urn:uuid`, its own id, or its content. */
function idOf({ fullUrl, resource, type, request }: Entry, seed: string): string {
  const [, putId] = textOf(request['url'])?.split('?')[0]?.split('/') ?? []
  if (request['method'] === 'PUT' && putId !== undefined && ID.test(putId)) return putId
  const uuid = UUID_URN.exec(fullUrl ?? '')?.[1]
  if (uuid !== undefined) return uuid.toLowerCase()
  const own = textOf(resource['id'])
  if (own !== undefined && ID.test(own)) return own
  return idFrom(fullUrl ?? `${type}|${seed}|${JSON.stringify(resource)}`)
}

function itemFrom(entry: Entry, seed: string): Item {
  const { where, resource, type, request, fullUrl } = entry
  const ifNoneExist = request['method'] === 'POST' ? textOf(request['ifNoneExist']) : undefined
  const base = { where, type, resource }
  if (ifNoneExist !== undefined) {
    const kept = { ...base, request: { method: 'POST' as const, url: type, ifNoneExist } }
    return fullUrl === undefined ? kept : { ...kept, fullUrl }
  }
  const url = textOf(request['url'])
  if (request['method'] === 'PUT' && url?.startsWith(`${type}?`)) {
    return { ...base, request: { method: 'PUT', url }, ...(fullUrl === undefined ? {} : { fullUrl }) }
  }
  const id = idOf(entry, seed)
  resource['id'] = id
  return { ...base, request: { method: 'PUT', url: `${type}/${id}` } }
}

/** Why an entry of a bundle is left out; undefined when it is a resource to store. */
function refusal(entry: unknown): Omit<Problem, 'where'> | undefined {
  if (!isObject(entry)) return { reason: 'the entry is not an object' }
  const request = isObject(entry['request']) ? entry['request'] : {}
  const method = textOf(request['method']) ?? 'PUT'
  if (method !== 'PUT' && method !== 'POST')
    return { reason: `${printable(method, 20)} is not done by an import` }
  const resource = entry['resource']
  if (!isObject(resource)) return { reason: 'the entry has no resource' }
  const type = textOf(resource['resourceType'])
  return type !== undefined && TYPE.test(type) ? undefined : { reason: 'the entry has no resourceType' }
}

function readBundle(bundle: Json, where: string): Reading {
  const reading: Reading = { items: [], problems: [], skipped: [], conditional: new Map() }
  const addresses = new Map<string, string>()
  const entries = Array.isArray(bundle['entry']) ? (bundle['entry'] as unknown[]) : []
  for (const [index, raw] of entries.entries()) {
    const place = where === '' ? `entry ${index + 1}` : `${where}, entry ${index + 1}`
    const reason = refusal(raw)
    if (reason || !isObject(raw) || !isObject(raw['resource'])) {
      reading.problems.push({ where: place, ...(reason ?? { reason: 'the entry has no resource' }) })
      continue
    }
    const type = String(raw['resource']['resourceType'])
    const isOutcome = type === 'OperationOutcome' && bundle['type'] === 'searchset'
    if (isOutcome) continue
    const fullUrl = textOf(raw['fullUrl'])
    const request = isObject(raw['request']) ? raw['request'] : {}
    const item = itemFrom({ where: place, fullUrl, resource: raw['resource'], type, request }, place)
    reading.items.push(item)
    if (fullUrl === undefined) continue
    if (item.request.ifNoneExist !== undefined)
      reading.conditional.set(fullUrl, `${type}?${item.request.ifNoneExist}`)
    else if (item.fullUrl !== undefined) reading.conditional.set(fullUrl, item.request.url)
    else addresses.set(fullUrl, item.request.url)
  }
  for (const { resource } of reading.items) replaceLinks(resource, (link) => addresses.get(link))
  return reading
}

/** Nothing to store, and why: either it is not FHIR (skipped), or it is FHIR that cannot be stored (a problem). */
function nothing(kind: 'problems' | 'skipped', where: string, reason: string): Reading {
  const reading: Reading = { items: [], problems: [], skipped: [], conditional: new Map() }
  reading[kind].push({ where, reason })
  return reading
}

/** What one JSON value of a file holds to be stored. Changes the value in place; throws only when it is nested too deeply. */
export function readItems(value: unknown, where: string): Reading {
  if (!isObject(value)) return nothing('skipped', where, 'it is not a FHIR resource')
  const type = textOf(value['resourceType'])
  if (type === undefined) return nothing('skipped', where, 'it has no resourceType, so it is not FHIR')
  if (!TYPE.test(type)) return nothing('problems', where, `${printable(type, 40)} is not a resource type`)
  if (type === 'Bundle' && UNPACKED.has(String(value['type']))) return readBundle(value, where)
  if (type === 'Bundle' && /history|response/.test(String(value['type']))) {
    return nothing(
      'skipped',
      where,
      `a bundle of type ${printable(String(value['type']), 40)} holds answers, not data`,
    )
  }
  const item = itemFrom({ where, fullUrl: undefined, resource: value, type, request: {} }, '')
  return { items: [item], problems: [], skipped: [], conditional: new Map() }
}
