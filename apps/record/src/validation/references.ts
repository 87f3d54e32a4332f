import { isResourceType } from '../definitions/definitions.ts'
import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import { ID_PATTERN } from '../fhir/references.ts'
import { report, type Container, type Context } from './report.ts'

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/

/** A Reference: what it points at must be of a type that the element allows, and a contained resource must be there. */
export function checkReference(
  value: JsonObject,
  targets: ReadonlySet<string> | undefined,
  path: string,
  context: Context,
): void {
  const { reference, type } = value
  const named = typeof type === 'string' ? (isResourceType(type) ? type : undefined) : undefined
  let pointed: string | undefined
  if (typeof reference === 'string') {
    if (reference.startsWith('#')) {
      noteLink(reference, context)
      if (containedIn(context.root, reference) === undefined) {
        report(context, 'not-found', `${path}.reference`, 'ref-1: There is no contained resource of this id.')
        return
      }
    } else if (!isReference(reference)) {
      report(
        context,
        'value',
        `${path}.reference`,
        'A reference is Type/id, an absolute address, or # and the id of a contained resource.',
      )
      return
    }
    pointed = typeOfReference(reference, context.root)
  }
  if (pointed !== undefined && named !== undefined && pointed !== named)
    report(context, 'structure', `${path}.type`, 'The type is not the one that the reference points at.')
  const found = pointed ?? named
  if (found === undefined || targets === undefined || targets.has(found)) return
  const place = pointed === undefined ? `${path}.type` : `${path}.reference`
  report(context, 'structure', place, `The element may refer only to: ${[...targets].join(', ')}.`)
}

export function noteLink(link: string, context: Context): void {
  context.root.links.add(link)
  if (link === '#' && context.resource !== context.root.resource)
    context.root.pointingBack.add(context.resource)
}

/** The resource type that a literal reference names, where its text or a contained resource tells it. */
export function typeOfReference(reference: string, root: Container | undefined): string | undefined {
  if (reference.startsWith('#')) {
    const type = root === undefined ? undefined : containedIn(root, reference)?.['resourceType']
    return typeof type === 'string' ? type : undefined
  }
  const parts = (reference.split(/[?#|]/)[0] ?? '').split('/')
  if (reference.includes('?')) return isResourceType(parts.at(-1)) ? parts.at(-1) : undefined
  const at = parts.lastIndexOf('_history')
  const [type, id] = (at > 1 ? parts.slice(0, at) : parts).slice(-2)
  return isResourceType(type) && id !== undefined && ID_PATTERN.test(id) ? type : undefined
}

/** What `#id` points at; `#` alone is the resource around. */
export function containedIn(root: Container, reference: string): JsonObject | undefined {
  if (reference === '#') return root.resource
  if (root.contained === undefined) {
    const list = root.resource['contained']
    const all = Array.isArray(list) ? list.filter(isObject) : []
    root.contained = new Map(all.map((one) => [one['id'], one]))
  }
  return root.contained.get(reference.slice(1))
}

function isReference(reference: string): boolean {
  if (/\s/.test(reference)) return false
  return SCHEME.test(reference) || typeOfReference(reference, undefined) !== undefined
}

/** dom-2 to dom-5: what holds for the contained resources of one resource, looked at when all of it was walked. */
export function checkContained(context: Context): void {
  const { root } = context
  const list: Json = root.resource['contained'] ?? []
  if (!Array.isArray(list)) return
  const ids = new Set<string>()
  list.forEach((one, at) => {
    if (!isObject(one)) return
    const path = `${root.path}.contained[${at}]`
    const { id, meta } = one
    if (one['contained'] !== undefined)
      report(context, 'invariant', path, 'dom-2: A contained resource may not contain others.')
    if (isObject(meta) && (meta['versionId'] !== undefined || meta['lastUpdated'] !== undefined))
      report(context, 'invariant', path, 'dom-4: A contained resource has no version and no lastUpdated.')
    if (isObject(meta) && meta['security'] !== undefined)
      report(context, 'invariant', path, 'dom-5: A contained resource has no security label.')
    if (typeof id !== 'string') return
    if (ids.has(id)) report(context, 'invariant', path, 'Two contained resources have one id.')
    ids.add(id)
    if (!root.links.has(`#${id}`) && !root.pointingBack.has(one))
      report(context, 'invariant', path, 'dom-3: A contained resource must be referred to from its resource.')
  })
}
