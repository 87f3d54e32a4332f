import type { Consent, Patient, Person, Practitioner, RelatedPerson } from '@medplum/fhirtypes'
import type { Caller, ReachablePerson } from '@openward/access'
import {
  type FhirClient,
  FhirError,
  parseReference,
  referencedId,
  SYSTEM,
  type Versioned,
} from '@openward/fhir-client'

import { Refusal } from './refusal.ts'
import type { Identity } from './token.ts'

type Someone = Versioned<Patient | Practitioner | Person>

const MOST_LINKS = 50

async function readSomeone(fhir: FhirClient, reference: string): Promise<Someone | undefined> {
  const parsed = parseReference(reference)
  if (!parsed) return undefined
  try {
    return await fhir.read(parsed.type as 'Patient' | 'Practitioner' | 'Person', parsed.id)
  } catch (error) {
    if (error instanceof FhirError && (error.code === 'not-found' || error.code === 'gone')) return undefined
    throw error
  }
}

/** Found by exactly one bearer of the identity; two of a kind are nobody. */
async function findSomeone(fhir: FhirClient, { issuer, subject }: Identity): Promise<Someone | undefined> {
  const escaped = (text: string) => text.replace(/[\\,$|]/g, String.raw`\$&`)
  const identifier = `${escaped(issuer)}|${escaped(subject)}`
  for (const type of ['Practitioner', 'Person', 'Patient'] as const) {
    const { resources } = await fhir.search(type, { identifier, _count: 2 })
    const isOurs = (one: Someone) =>
      one.identifier?.some(({ system, value }) => system === issuer && value === subject)
    const [only, second] = (resources as Someone[]).filter(isOurs)
    if (only && !second) return only
  }
  return undefined
}

function isWithin(
  period: { start?: string; end?: string } | undefined,
  today: string,
  nowMs: number,
): boolean {
  const hasBegun =
    !period?.start || (period.start.length <= 10 ? period.start <= today : Date.parse(period.start) <= nowMs)
  const hasEnded =
    period?.end !== undefined &&
    (period.end.length <= 10
      ? period.end < today.slice(0, period.end.length)
      : Date.parse(period.end) < nowMs)
  return hasBegun && !hasEnded
}

function allowedTypes(
  consents: Consent[],
  related: RelatedPerson & { id: string },
  today: string,
  nowMs: number,
) {
  const applying = consents.filter(({ status, provision }) => {
    const names = provision?.actor?.some(
      ({ reference }) => referencedId(reference, 'RelatedPerson') === related.id,
    )
    return (
      status === 'active' && names && provision?.type === 'permit' && isWithin(provision.period, today, nowMs)
    )
  })
  if (applying.length === 0) return undefined
  const types = applying.flatMap(({ provision }) => {
    const named = provision?.class?.filter(({ system }) => system === SYSTEM.resourceTypes) ?? []
    return provision?.class?.length ? named.flatMap(({ code }) => code ?? []) : ['*']
  })
  const ends = applying.flatMap(({ provision }) => provision?.period?.end?.slice(0, 10) ?? [])
  return {
    types: [...new Set(types)],
    until: [...ends, ...(related.period?.end ? [related.period.end.slice(0, 10)] : [])].sort()[0],
  }
}

async function proxied(
  fhir: FhirClient,
  relatedId: string,
  nowMs: number,
): Promise<ReachablePerson | undefined> {
  let related: Versioned<RelatedPerson>
  try {
    related = await fhir.read('RelatedPerson', relatedId)
  } catch (error) {
    if (error instanceof FhirError && (error.code === 'not-found' || error.code === 'gone')) return undefined
    throw error
  }
  const today = new Date(nowMs).toISOString().slice(0, 10)
  const patientId = referencedId(related.patient, 'Patient')
  if (patientId === undefined || related.active === false || !isWithin(related.period, today, nowMs))
    return undefined
  const consents = await fhir.searchAll('Consent', { patient: `Patient/${patientId}`, status: 'active' })
  const allowed = allowedTypes(consents, related, today, nowMs)
  if (!allowed || allowed.types.length === 0) return undefined
  const relationship = related.relationship?.[0]?.coding?.[0]?.code ?? 'FAMMEMB'
  const person = { patientId, relationship, resourceTypes: allowed.types }
  return allowed.until === undefined ? person : { ...person, until: allowed.until }
}

function linkedIds(person: Person, type: 'Patient' | 'RelatedPerson'): string[] {
  const links = person.link?.slice(0, MOST_LINKS) ?? []
  return [...new Set(links.flatMap(({ target }) => referencedId(target, type) ?? []))]
}

async function peopleOf(fhir: FhirClient, someone: Someone, nowMs: number): Promise<ReachablePerson[]> {
  if (someone.resourceType === 'Practitioner') return []
  const persons: Person[] =
    someone.resourceType === 'Person'
      ? [someone]
      : await fhir.searchAll('Person', { link: `Patient/${someone.id}` })
  const active = persons.filter((person) => person.active !== false)
  const selfIds =
    someone.resourceType === 'Patient'
      ? [someone.id]
      : active.flatMap((person) => linkedIds(person, 'Patient'))
  const relatedIds = new Set(active.flatMap((person) => linkedIds(person, 'RelatedPerson')))
  const wards = await Promise.all([...relatedIds].map((id) => proxied(fhir, id, nowMs)))
  const self = selfIds.map((patientId) => ({ patientId, relationship: 'self', resourceTypes: ['*'] }))
  const others = wards.filter((ward) => ward !== undefined && !selfIds.includes(ward.patientId))
  return [...self, ...(others as ReachablePerson[])]
}

/** Finds who the token is about in the record of their organisation, and whom they may act for. */
export async function findCaller(fhir: FhirClient, identity: Identity, nowMs: number): Promise<Caller> {
  const { issuer, subject, organization, roles, displayName, authenticatedAt } = identity
  const someone = identity.fhirUser
    ? await readSomeone(fhir, identity.fhirUser)
    : await findSomeone(fhir, identity)
  if (!someone || someone.active === false) {
    throw new Refusal(
      403,
      'forbidden',
      'You signed in, but this organization has no record of you; ask at the front desk',
    )
  }
  const people = await peopleOf(fhir, someone, nowMs)
  const fhirUser = `${someone.resourceType}/${someone.id}`
  return { issuer, subject, organization, roles, fhirUser, displayName, people, authenticatedAt }
}
