import type { Patient, Person, Practitioner } from '@medplum/fhirtypes'
import type { Caller, ReachablePerson } from '@openward/access'
import {
  type FhirClient,
  FhirError,
  parseReference,
  referencedId,
  type Versioned,
} from '@openward/fhir-client'

import { type Moment, momentIn } from './periods.ts'
import { proxied } from './proxy.ts'
import { Refusal } from './refusal.ts'
import type { SiteZones } from './site-zones.ts'
import type { Identity } from './token.ts'
import { workRoles } from './work-roles.ts'

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

function linkedIds(person: Person, type: 'Patient' | 'RelatedPerson'): string[] {
  const links = person.link?.slice(0, MOST_LINKS) ?? []
  return [...new Set(links.flatMap(({ target }) => referencedId(target, type) ?? []))]
}

async function peopleOf(
  fhir: FhirClient,
  someone: Someone,
  moment: () => Promise<Moment>,
): Promise<ReachablePerson[]> {
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
  const now = relatedIds.size > 0 ? await moment() : undefined
  const wards = now ? await Promise.all([...relatedIds].map((id) => proxied(fhir, id, now))) : []
  const self = selfIds.map((patientId) => ({ patientId, relationship: 'self', resourceTypes: ['*'] }))
  const others = wards.filter((ward) => ward !== undefined && !selfIds.includes(ward.patientId))
  return [...self, ...(others as ReachablePerson[])]
}

/** Finds who the token is about in the record of their organisation, what they may do, and whom they may act for. */
export async function findCaller(
  fhir: FhirClient,
  identity: Identity,
  nowMs: number,
  zonesOf: SiteZones,
): Promise<Caller> {
  const { issuer, subject, organization, displayName, authenticatedAt } = identity
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
  const moment = async () => momentIn(await zonesOf(organization, fhir), nowMs)
  const isStaff = someone.resourceType === 'Practitioner'
  const roles = isStaff ? await workRoles(fhir, someone.id, identity.roles, moment) : identity.roles
  if (roles.length === 0) {
    throw new Refusal(
      403,
      'forbidden',
      'You signed in, but the role of your account has ended here; ask your administrator',
    )
  }
  const people = await peopleOf(fhir, someone, moment)
  const fhirUser = `${someone.resourceType}/${someone.id}`
  return { issuer, subject, organization, roles, fhirUser, displayName, people, authenticatedAt }
}
