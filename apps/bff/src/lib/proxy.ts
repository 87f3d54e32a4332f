import type { Consent, ConsentProvision, RelatedPerson } from '@medplum/fhirtypes'
import { type ReachablePerson, ROLE_TABLE } from '@openward/access'
import { type FhirClient, FhirError, referencedId, SYSTEM, type Versioned } from '@openward/fhir-client'

import { isWithin, lastDayOf, type Moment } from './periods.ts'

type Related = RelatedPerson & { id: string }

/** Every type that anyone may be granted: what `*` means when something is taken away from it. */
const GRANTED_TYPES: readonly string[] = [
  ...new Set(ROLE_TABLE.flatMap(({ scopes }) => scopes.map(({ type }) => type))),
].filter((type) => type !== '*')

function names(provision: ConsentProvision, related: Related): boolean {
  const isRelated = ({ reference }: { reference?: unknown }) =>
    referencedId(reference as { reference?: string }, 'RelatedPerson') === related.id
  return provision.actor?.some(isRelated) === true
}

/** Types that a provision permits: `*` when it names no class at all, nothing when only classes of other kinds. */
function permittedTypes({ class: classes }: ConsentProvision): string[] {
  if (!classes?.length) return ['*']
  return classes.flatMap(({ system, code }) => (system === SYSTEM.resourceTypes && code ? [code] : []))
}

/** Types that a provision denies; one that is not about types denies every one. */
function deniedTypes(provision: ConsentProvision): string[] {
  const types = permittedTypes(provision)
  return types.length > 0 ? types : ['*']
}

/**
 * Types that the exceptions inside a provision take away from this person. What else an exception says (a purpose, a
 * label, a code) narrows it in ways that are not looked at: then all of its types are taken away, or every type.
 */
function deniedInside(provision: ConsentProvision, related: Related, moment: Moment): string[] {
  return (provision.provision ?? []).flatMap((inner) => {
    const concerns = (!inner.actor?.length || names(inner, related)) && isWithin(inner.period, moment)
    if (!concerns) return []
    return inner.type === 'deny' ? deniedTypes(inner) : deniedInside(inner, related, moment)
  })
}

function withoutTypes(permitted: readonly string[], denied: readonly string[]): string[] {
  if (denied.includes('*')) return []
  if (denied.length === 0) return [...new Set(permitted)]
  const all = permitted.includes('*') ? GRANTED_TYPES : permitted
  return [...new Set(all)].filter((type) => !denied.includes(type))
}

function allowedTypes(consents: Consent[], related: Related, moment: Moment) {
  const applying = consents.flatMap(({ status, provision }) => {
    const applies =
      status === 'active' && provision && names(provision, related) && isWithin(provision.period, moment)
    return applies ? [provision] : []
  })
  const permits = applying.filter(({ type }) => type === 'permit')
  if (permits.length === 0) return undefined
  const denied = applying.filter(({ type }) => type === 'deny').flatMap(deniedTypes)
  const types = permits.flatMap((permit) =>
    withoutTypes(permittedTypes(permit), deniedInside(permit, related, moment)),
  )
  const ends = [...permits, related].flatMap(({ period }) => (period?.end ? [lastDayOf(period.end)] : []))
  return { types: withoutTypes(types, denied), until: ends.toSorted()[0] }
}

/** The patient behind a RelatedPerson, as far as relation and Consent hold at this moment. */
export async function proxied(
  fhir: FhirClient,
  relatedId: string,
  moment: Moment,
): Promise<ReachablePerson | undefined> {
  let related: Versioned<RelatedPerson>
  try {
    related = await fhir.read('RelatedPerson', relatedId)
  } catch (error) {
    if (error instanceof FhirError && (error.code === 'not-found' || error.code === 'gone')) return undefined
    throw error
  }
  const patientId = referencedId(related.patient, 'Patient')
  if (patientId === undefined || related.active === false || !isWithin(related.period, moment))
    return undefined
  const consents = await fhir.searchAll('Consent', { patient: `Patient/${patientId}`, status: 'active' })
  const allowed = allowedTypes(consents, related, moment)
  if (!allowed || allowed.types.length === 0) return undefined
  const relationship = related.relationship?.[0]?.coding?.[0]?.code ?? 'FAMMEMB'
  const person = { patientId, relationship, resourceTypes: allowed.types }
  return allowed.until === undefined ? person : { ...person, until: allowed.until }
}
