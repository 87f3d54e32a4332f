import type { Coding, HealthcareService, Patient, ServiceRequest } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'

import type { OperationContext } from '#/lib/operation.ts'

import { NO_CACHE } from './calendars.ts'

/** What the rules of a service ask about a person. */
export type PatientFacts = {
  birthDate: string | undefined
  hasReferral: boolean
  display: string | undefined
}

function sharesCode(wanted: readonly Coding[], given: readonly Coding[]): boolean {
  return given.some((one) => wanted.some(({ system, code }) => one.code === code && one.system === system))
}

/** A referral is an active order that names the service, or one of its types or specialties. */
function isReferralTo(request: ServiceRequest, service: HealthcareService, reference: string): boolean {
  if (request.performer?.some((performer) => performer.reference === reference)) return true
  const wanted = [...(service.type ?? []), ...(service.specialty ?? [])].flatMap(({ coding }) => coding ?? [])
  const given = [request.code, request.performerType, ...(request.category ?? [])].flatMap(
    (concept) => concept?.coding ?? [],
  )
  return sharesCode(wanted, given)
}

/** The people with these ids for whom somebody may book. */
export async function readBookable(context: OperationContext, ids: string): Promise<Versioned<Patient>[]> {
  const options = { signal: context.signal, headers: NO_CACHE }
  const people = await context.fhir.searchAll('Patient', { _id: ids, _count: 1000 }, options)
  return people.filter(
    (person) =>
      person.active !== false &&
      person.deceasedBoolean !== true &&
      person.deceasedDateTime === undefined &&
      person.link?.some(({ type }) => type === 'replaced-by') !== true,
  )
}

/** Undefined when there is no such person, or nobody can be booked for them any more. */
export async function readPatientFacts(
  context: OperationContext,
  patient: string,
  service: HealthcareService,
  needsReferral: boolean,
): Promise<PatientFacts | undefined> {
  const options = { signal: context.signal, headers: NO_CACHE }
  const [people, orders] = await Promise.all([
    readBookable(context, patient.slice('Patient/'.length)),
    needsReferral
      ? context.fhir.searchAll('ServiceRequest', { subject: patient, status: 'active', _count: 200 }, options)
      : [],
  ])
  const [person] = people
  if (person === undefined) return undefined
  const reference = `HealthcareService/${service.id ?? ''}`
  const name = person.name?.find(({ use }) => use === 'usual') ?? person.name?.[0]
  return {
    birthDate: person.birthDate,
    hasReferral: orders.some((order) => isReferralTo(order, service, reference)),
    display: name?.text ?? [...(name?.given ?? []), name?.family].filter(Boolean).join(' '),
  }
}
