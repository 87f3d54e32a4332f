import type {
  HealthcareService,
  Location,
  Patient,
  Practitioner,
  PractitionerRole,
  Resource,
  Schedule,
} from '@medplum/fhirtypes'
import { EXTENSION, FhirClient, fetchTransport, SYSTEM, TransactionBuilder } from '@openward/fhir-client'

import { readFlowSettings } from './env.ts'

type Named = { id: string; name: string }

/** What a flow has to itself: nobody else books here, so flows may run side by side. */
export type Clinic = {
  patient: Named & { account: string }
  clinician: Named
  site: Named & { timeZone: string }
  service: Named
}

type Wishes = {
  timeZone?: string
  referralRequired?: boolean
  givenName?: string
  durationMinutes?: number
  bufferAfterMinutes?: number
}

const ORGANIZATION = 'openward'

/** The record itself, beside the BFF: only for making and inspecting the state of a flow. */
export function recordClient(): FhirClient {
  const { fhirBaseUrl, fhirToken } = readFlowSettings()
  const baseUrl = fhirBaseUrl.replace('{organization}', ORGANIZATION)
  return new FhirClient(
    fetchTransport({ baseUrl, headers: () => ({ authorization: `Bearer ${fhirToken}` }) }),
  )
}

function integer(url: string, valueInteger: number) {
  return { url, valueInteger }
}

function calendarOf(actor: Resource & { id: string }): Schedule & { id: string } {
  return {
    resourceType: 'Schedule',
    id: `calendar-${actor.resourceType.toLowerCase()}-${actor.id}`,
    active: true,
    actor: [{ reference: `${actor.resourceType}/${actor.id}` }],
    extension: [{ url: EXTENSION.calendarRevision, valueUuid: `urn:uuid:${crypto.randomUUID()}` }],
  }
}

/** A patient, a clinician who works every day from 8 to 18, a site and a service, all new. */
export async function seedClinic(wishes: Wishes = {}): Promise<Clinic> {
  const tag = crypto.randomUUID().slice(0, 8)
  const timeZone = wishes.timeZone ?? 'America/New_York'
  const site: Location & { id: string } = {
    resourceType: 'Location',
    id: `flow-site-${tag}`,
    status: 'active',
    name: `Maple Street ${tag}`,
    physicalType: { coding: [{ system: SYSTEM.locationPhysicalType, code: 'si' }] },
    managingOrganization: { reference: `Organization/${ORGANIZATION}` },
    address: { line: ['12 Maple Street'], city: 'Springfield', state: 'NY', postalCode: '10001' },
    telecom: [{ system: 'phone', value: '212-555-0110' }],
    extension: [{ url: EXTENSION.siteTimeZone, valueCode: timeZone }],
  }
  const service: HealthcareService & { id: string } = {
    resourceType: 'HealthcareService',
    id: `flow-service-${tag}`,
    active: true,
    providedBy: { reference: `Organization/${ORGANIZATION}` },
    name: `Check-up ${tag}`,
    comment: 'A visit to look after your health',
    type: [{ coding: [{ system: SYSTEM.serviceType, code: `check-up-${tag}` }] }],
    location: [{ reference: `Location/${site.id}` }],
    extension: [
      {
        url: EXTENSION.serviceRules,
        extension: [
          integer('durationMinutes', wishes.durationMinutes ?? 30),
          integer('bufferBeforeMinutes', 0),
          integer('bufferAfterMinutes', wishes.bufferAfterMinutes ?? 0),
          integer('startEveryMinutes', 30),
          integer('leadTimeMinutes', 60),
          integer('horizonDays', 60),
          integer('cancelNoticeMinutes', 60),
          { url: 'referralRequired', valueBoolean: wishes.referralRequired ?? false },
          { url: 'visitMode', valueCode: 'in-person' },
          { url: 'needsRoom', valueBoolean: false },
          { url: 'needsInterpreter', valueBoolean: false },
        ],
      },
    ],
  }
  const clinician: Practitioner & { id: string } = {
    resourceType: 'Practitioner',
    id: `flow-clinician-${tag}`,
    active: true,
    name: [{ given: ['Grace'], family: `Hollis-${tag}`, prefix: ['Dr.'] }],
  }
  const role: PractitionerRole & { id: string } = {
    resourceType: 'PractitionerRole',
    id: `flow-role-${tag}`,
    active: true,
    practitioner: { reference: `Practitioner/${clinician.id}`, display: `Dr. Grace Hollis-${tag}` },
    organization: { reference: `Organization/${ORGANIZATION}` },
    location: [{ reference: `Location/${site.id}` }],
    healthcareService: [{ reference: `HealthcareService/${service.id}` }],
    availableTime: [
      {
        daysOfWeek: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
        availableStartTime: '08:00:00',
        availableEndTime: '18:00:00',
      },
    ],
  }
  const given = wishes.givenName ?? 'Ada'
  const patient: Patient & { id: string } = {
    resourceType: 'Patient',
    id: `flow-patient-${tag}`,
    active: true,
    name: [{ use: 'official', given: [given], family: `Flow-${tag}` }],
    gender: 'female',
    birthDate: '1980-02-29',
    telecom: [{ system: 'phone', value: '212-555-0123' }],
    managingOrganization: { reference: `Organization/${ORGANIZATION}` },
  }
  const transaction = new TransactionBuilder()
  for (const resource of [
    site,
    service,
    clinician,
    role,
    patient,
    calendarOf(clinician),
    calendarOf(patient),
  ]) {
    transaction.createWithId(resource)
  }
  await recordClient().transaction(transaction)
  return {
    patient: {
      id: patient.id,
      name: `${given} Flow-${tag}`,
      account: `patient~Patient/${patient.id}~${ORGANIZATION}`,
    },
    clinician: { id: clinician.id, name: `Dr. Grace Hollis-${tag}` },
    site: { id: site.id, name: `Maple Street ${tag}`, timeZone },
    service: { id: service.id, name: `Check-up ${tag}` },
  }
}
