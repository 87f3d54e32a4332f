import type { Json, JsonObject } from '../fhir/json.ts'
import type { OutcomeIssue } from '../fhir/outcome.ts'

const MAX_ISSUES = 50

/** An object that is walked, and where it stands. */
export interface Place {
  /** Its type, or the path of a backbone element; for what extends a primitive, the primitive's type. */
  type: string
  /** The element that holds it, without the type of a choice. */
  name: string
  value: JsonObject
  around: Place | undefined
}

/** An extension that was met, for those whose definition is stored. */
export interface FoundExtension {
  value: JsonObject
  url: string
  path: string
  holder: Place
  root: Container
}

/** A resource that says by `meta.profile` what else it keeps. */
export interface Claim {
  resource: JsonObject
  path: string
  root: Container
}

/** The resource that contained resources belong to: what FHIRPath calls %rootResource. */
export interface Container {
  resource: JsonObject
  path: string
  /** Every `#…` that was met in it. */
  links: Set<string>
  /** Contained resources that point back at it by `#`. */
  pointingBack: Set<JsonObject>
  /** Contained resources by id, once one was asked for. */
  contained?: Map<Json | undefined, JsonObject>
}

export interface Context {
  issues: OutcomeIssue[]
  /** What invariants call %resource. */
  resource: JsonObject
  root: Container
  claims: Claim[]
  extensions: FoundExtension[]
  /** Are definitions of extensions stored, so that extensions are to be collected? */
  wantsExtensions: boolean
}

export function makeContainer(resource: JsonObject, path: string): Container {
  return { resource, path, links: new Set(), pointingBack: new Set() }
}

export function report(context: Pick<Context, 'issues'>, code: string, path: string, text: string): void {
  if (context.issues.length < MAX_ISSUES)
    context.issues.push({ severity: 'error', code, details: { text }, expression: [path] })
}
