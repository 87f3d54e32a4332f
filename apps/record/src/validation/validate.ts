import type { JsonObject } from '../fhir/json.ts'
import { Refusal } from '../fhir/outcome.ts'
import { makeContainer, type Context } from './report.ts'
import { checkResource } from './structure.ts'

/** Refuses (422) a resource that is not valid R4: unknown or missing elements, wrong types, counts, codes or references. */
export function requireValid(resource: JsonObject): void {
  const root = makeContainer(resource, String(resource['resourceType']))
  const context: Context = {
    issues: [],
    resource,
    root,
    claims: [],
    extensions: [],
    wantsExtensions: false,
  }
  checkResource(resource, root.path, context)
  if (context.issues.length > 0) throw Refusal.ofIssues(422, context.issues)
}
