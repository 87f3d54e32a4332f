import type { JsonObject } from '../fhir/json.ts'
import { Refusal, type OutcomeIssue } from '../fhir/outcome.ts'
import type { Store } from '../store/store.ts'
import { sizeOf } from './invariants.ts'
import { checkProfile } from './profiles/check.ts'
import { ANY_RESOURCE, coreTypeOf } from './profiles/core.ts'
import { checkStoredExtension } from './profiles/extensions.ts'
import { KnownProfiles } from './profiles/known.ts'
import type { ProfileCheck } from './profiles/profile-check.ts'
import { BrokenProfile } from './profiles/tree.ts'
import { makeContainer, report, type Claim, type Context } from './report.ts'
import { checkResource } from './structure.ts'

/** Profiles of profiles could multiply the work: so many elements are looked at, far more than any real profile needs. */
const LEAST_STEPS = 100_000
const STEPS_OF_VALUE = 100

export interface Verdict {
  errors: OutcomeIssue[]
  /** What could not be judged, in words. */
  gaps: string[]
}

/**
 * Refuses (422) a resource that is not valid R4 or does not keep the profiles that it claims, as far as they are stored.
 */
export function requireValid(resource: JsonObject, store: Store): void {
  const { errors } = validate(resource, store)
  if (errors.length > 0) throw Refusal.ofIssues(422, errors)
}

/** Judges a resource; `profiles` are checked besides those that it claims. */
export function validate(resource: JsonObject, store: Store, profiles: readonly string[] = []): Verdict {
  const known = KnownProfiles.of(store)
  const root = makeContainer(resource, String(resource['resourceType']))
  const context: Context = {
    issues: [],
    resource,
    root,
    claims: [],
    extensions: [],
    wantsExtensions: known.hasAny,
  }
  checkResource(resource, root.path, context)
  const gaps = new Set<string>()
  if (context.issues.length > 0) return { errors: context.issues, gaps: [] }
  if (resource['resourceType'] === 'StructureDefinition') checkSound(resource, known, context)
  const claims =
    profiles.length === 0 ? context.claims : [...context.claims, { resource, path: root.path, root }]
  if (claims.length > 0 || context.extensions.length > 0)
    checkProfiles({ ...context, claims }, known, profiles, gaps)
  return { errors: context.issues, gaps: [...gaps] }
}

function checkSound(definition: JsonObject, known: KnownProfiles, context: Context): void {
  try {
    known.requireSound(definition)
  } catch (error) {
    if (!(error instanceof BrokenProfile)) throw error
    report(context, 'business-rule', error.expression, error.message)
  }
}

function checkProfiles(
  context: Context,
  known: KnownProfiles,
  profiles: readonly string[],
  gaps: Set<string>,
): void {
  const budget = { left: LEAST_STEPS + STEPS_OF_VALUE * sizeOf(context.resource) }
  const { issues } = context
  for (const claim of context.claims) {
    const check: ProfileCheck = { issues, gaps, known, resource: claim.resource, root: claim.root, budget }
    const isAsked = claim.resource === context.resource ? profiles : []
    for (const canonical of new Set([...claimsOf(claim), ...isAsked])) checkClaim(canonical, claim, check)
  }
  for (const found of context.extensions)
    checkStoredExtension(found, {
      issues,
      gaps,
      known,
      resource: found.root.resource,
      root: found.root,
      budget,
    })
  if (budget.left < 0)
    report(context, 'too-costly', context.root.path, 'Checking the profiles of this resource takes too long.')
}

function claimsOf({ resource }: Claim): string[] {
  const profile = (resource['meta'] as JsonObject | undefined)?.['profile']
  return Array.isArray(profile) ? profile.filter((one) => typeof one === 'string') : []
}

function checkClaim(canonical: string, claim: Claim, check: ProfileCheck): void {
  const type = String(claim.resource['resourceType'])
  const core = coreTypeOf(canonical)
  if (core === type || ANY_RESOURCE.has(core ?? '')) return
  const profile = check.known.profile(canonical)
  if (profile === undefined) {
    check.gaps.add('A profile that the resource claims is not stored here: it was not checked.')
    return
  }
  checkProfile({ value: claim.resource, companion: undefined, type, path: claim.path }, profile, check)
}
