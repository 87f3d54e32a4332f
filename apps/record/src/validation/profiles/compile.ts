import { isObject, type Json, type JsonObject } from '../../fhir/json.ts'
import { ANY_RESOURCE, coreTypeOf, isCoreType } from './core.ts'
import { applyElement } from './element.ts'
import { locate } from './locate.ts'
import { BrokenProfile, copyNode, makeNode, prune, type Profile } from './tree.ts'

/** Is it a constraint on a type of R4 (a profile or an extension), and not a logical model or a type of its own? */
export function isProfile(definition: JsonObject): boolean {
  return definition['derivation'] === 'constraint' && definition['kind'] !== 'logical'
}

/**
 * Makes a tree of what the profile adds to R4: of its snapshot, or of its differential laid over the profile that it is
 * based on. `findBase` finds that; without it, the differential alone is taken and the gap is told.
 */
export function compileProfile(
  definition: JsonObject,
  findBase: (canonical: string) => Profile | undefined,
): Profile {
  const type = textOf(definition['type'])
  const url = textOf(definition['url'])
  if (!isCoreType(type)) throw new BrokenProfile('The type must be one of R4.', 'StructureDefinition.type')
  const gaps: string[] = []
  const snapshot = elementsOf(definition['snapshot'])
  let root = makeNode(type, { type })
  if (snapshot.length === 0) root = baseOf(definition, type, findBase, gaps) ?? root
  const part = snapshot.length > 0 ? 'snapshot' : 'differential'
  const elements = snapshot.length > 0 ? snapshot : elementsOf(definition['differential'])
  elements.forEach((element, at) => {
    const place = `StructureDefinition.${part}.element[${at}]`
    const node = locate(root, element, type, place)
    if (node !== undefined) applyElement(node, element, place, gaps)
  })
  if (type === 'Extension') setOwnUrl(root, url)
  prune(root)
  const contexts = Array.isArray(definition['context']) ? definition['context'].filter(isObject) : []
  return {
    url,
    version: textOf(definition['version']) || undefined,
    type,
    root,
    contexts: contexts.map((one) => ({
      type: textOf(one['type']),
      expression: textOf(one['expression']),
    })),
    gaps,
  }
}

function baseOf(
  definition: JsonObject,
  type: string,
  findBase: (canonical: string) => Profile | undefined,
  gaps: string[],
): Profile['root'] | undefined {
  const canonical = textOf(definition['baseDefinition'])
  const core = coreTypeOf(canonical)
  if (core !== undefined) {
    if (core !== type && !ANY_RESOURCE.has(core) && core !== 'Element')
      throw new BrokenProfile('The base definition is of another type.', 'StructureDefinition.baseDefinition')
    return undefined
  }
  const base = findBase(canonical)
  if (base === undefined) {
    gaps.push('The profile that this one is based on is not stored here.')
    return undefined
  }
  if (base.type !== type)
    throw new BrokenProfile('The base definition is of another type.', 'StructureDefinition.baseDefinition')
  gaps.push(...base.gaps)
  return copyNode(base.root)
}

/** An extension is known by its url, whether its definition repeats that or not. */
function setOwnUrl(root: Profile['root'], url: string): void {
  const own = root.children.get('url') ?? makeNode('url', { type: 'uri' })
  own.fixed = url
  root.children.set('url', own)
}

function elementsOf(part: Json | undefined): JsonObject[] {
  const list = isObject(part ?? null) ? (part as JsonObject)['element'] : undefined
  return Array.isArray(list) ? list.filter(isObject) : []
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
