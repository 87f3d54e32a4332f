import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import { narrativeProblem } from './narrative.ts'
import { report, type Context, type Place } from './report.ts'

const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:/

export function checkExtension(value: JsonObject, path: string, context: Context, place: Place): void {
  let values = 0
  for (const key in value) if (key.startsWith('value') || key.startsWith('_value')) values++
  const hasNested = value['extension'] !== undefined
  if (hasNested === values > 0)
    report(context, 'invariant', path, 'ext-1: An extension has either a value or extensions inside it.')
  const { url } = value
  if (context.wantsExtensions && typeof url === 'string' && place.around !== undefined)
    context.extensions.push({ value, url, path, holder: place.around, root: context.root })
}

/** What FHIR compares by its whole text names its owner: an address relative to nothing would mean anything. */
export function checkAbsolute(value: Json | undefined, path: string, context: Context): void {
  if (typeof value === 'string' && !ABSOLUTE.test(value))
    report(context, 'value', path, 'This address must be absolute.')
}

/** The standard's own extensions carry a code that only a later version of FHIR has. */
export function isCodeOfAnotherVersion(companion: JsonObject): boolean {
  const list = companion['extension']
  return (
    Array.isArray(list) &&
    list.some((one) => isObject(one) && /^http:\/\/hl7\.org\/fhir\/\d/.test(String(one['url'])))
  )
}

export function checkNarrative(value: JsonObject, path: string, context: Context): void {
  const div = value['div']
  const problem = typeof div === 'string' ? narrativeProblem(div) : undefined
  if (problem !== undefined) report(context, 'invariant', `${path}.div`, problem)
}

export function checkAttachment(value: JsonObject, path: string, context: Context): void {
  const { data, size } = value
  if (typeof data !== 'string' || typeof size !== 'number') return
  const plain = data.replace(/\s/g, '')
  const padding = plain.endsWith('==') ? 2 : plain.endsWith('=') ? 1 : 0
  if ((plain.length / 4) * 3 - padding !== size)
    report(context, 'invariant', `${path}.size`, 'The size must be the number of bytes of the data.')
}

/** What the standard says of a Bundle in words, and bdl-7, in one walk over its entries. */
export function checkBundle(value: JsonObject, path: string, context: Context): void {
  checkLinks(value, path, context)
  const entries = Array.isArray(value['entry']) ? value['entry'] : []
  const seen = new Set<string>()
  const isSearch = value['type'] === 'searchset'
  entries.forEach((entry, at) => {
    if (!isObject(entry)) return
    const { fullUrl, resource } = entry
    if (isSearch) checkMatch(entry, `${path}.entry[${at}].resource`, context)
    if (typeof fullUrl !== 'string') return
    const place = `${path}.entry[${at}].fullUrl`
    if (!ABSOLUTE.test(fullUrl)) report(context, 'value', place, 'The fullUrl must be an absolute address.')
    const meta = isObject(resource) ? resource['meta'] : undefined
    const version = isObject(meta) && typeof meta['versionId'] === 'string' ? meta['versionId'] : ''
    const key = `${fullUrl}\n${version}`
    if (seen.has(key) && value['type'] !== 'history')
      report(
        context,
        'invariant',
        place,
        'bdl-7: An address must be unique in a bundle, or its versions differ.',
      )
    seen.add(key)
  })
}

function checkMatch(entry: JsonObject, path: string, context: Context): void {
  const { resource, search } = entry
  if (!isObject(resource)) return
  const isOutcome = resource['resourceType'] === 'OperationOutcome'
  if (isObject(search) && search['mode'] === 'outcome' && !isOutcome)
    report(context, 'invariant', path, 'The search mode "outcome" is for an OperationOutcome.')
  else if (!isOutcome && resource['id'] === undefined)
    report(context, 'invariant', path, 'What a search found must have an id.')
}

function checkLinks(value: JsonObject, path: string, context: Context): void {
  const links = Array.isArray(value['link']) ? value['link'] : []
  const seen = new Set<unknown>()
  links.forEach((link, at) => {
    const relation = isObject(link) ? link['relation'] : undefined
    if (seen.has(relation))
      report(context, 'invariant', `${path}.link[${at}].relation`, 'A relation may be given once.')
    seen.add(relation)
  })
}
