import type { HealthcareService, ServiceRequest } from '@medplum/fhirtypes'
import type { Coding } from '@medplum/fhirtypes'

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

/** Undefined when there is no such person, or nobody can be booked for them any more. */
export async function readPatientFacts(
  context: OperationContext,
  patient: string,
  service: HealthcareService,
  needsReferral: boolean,
): Promise<PatientFacts | undefined> {
  const options = { signal: context.signal, headers: NO_CACHE }
  const [people, orders] = await Promise.all([
    context.fhir.searchAll('Patient', { _id: patient.slice('Patient/'.length) }, options),
    needsReferral
      ? context.fhir.searchAll('ServiceRequest', { subject: patient, status: 'active', _count: 200 }, options)
      : [],
  ])
  const [person] = people
  if (person === undefined || person.active === false) return undefined
  if (person.deceasedBoolean === true || person.deceasedDateTime !== undefined) return undefined
  if (person.link?.some(({ type }) => type === 'replaced-by')) return undefined
  const reference = `HealthcareService/${service.id ?? ''}`
  const name = person.name?.find(({ use }) => use === 'usual') ?? person.name?.[0]
  return {
    birthDate: person.birthDate,
    hasReferral: orders.some((order) => isReferralTo(order, service, reference)),
    display: name?.text ?? [...(name?.given ?? []), name?.family].filter(Boolean).join(' '),
  }
}
