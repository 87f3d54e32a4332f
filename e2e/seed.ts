import type {
  Appointment,
  Consent,
  HealthcareService,
  Location,
  Patient,
  Person,
  Practitioner,
  PractitionerRole,
  RelatedPerson,
  Resource,
  Schedule,
} from '@medplum/fhirtypes'
import { EXTENSION, SYSTEM, TransactionBuilder } from '@openward/fhir-client'

import { ORGANIZATION, recordClient } from './record.ts'

type Named = { id: string; name: string }

type SeededPatient = Named & { account: string }

/** What a flow has to itself: nobody else books here, so flows may run side by side. */
export type Clinic = {
  patient: SeededPatient
  clinician: Named
  site: Named & { timeZone: string }
  service: Named & { type: string }
}

type Wishes = {
  timeZone?: string
  referralRequired?: boolean
  givenName?: string
  durationMinutes?: number
  bufferAfterMinutes?: number
  horizonDays?: number
}

type Relation = {
  patient: SeededPatient
  /** What the consent allows; none means all. */
  types?: readonly string[]
  /** Last day (`YYYY-MM-DD`) of the relation and the consent. */
  until?: string
}

function integer(url: string, valueInteger: number) {
  return { url, valueInteger }
}

function inSpanish(content: string) {
  const parts = [
    { url: 'lang', valueCode: 'es' },
    { url: 'content', valueString: content },
  ]
  return { extension: [{ url: EXTENSION.translation, extension: parts }] }
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
  const service: HealthcareService & { id: string; _name: object; _comment: object } = {
    resourceType: 'HealthcareService',
    id: `flow-service-${tag}`,
    active: true,
    providedBy: { reference: `Organization/${ORGANIZATION}` },
    name: `Check-up ${tag}`,
    comment: 'A visit to look after your health',
    _name: inSpanish(`Revisión ${tag}`),
    _comment: inSpanish('Una cita para cuidar su salud'),
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
          integer('horizonDays', wishes.horizonDays ?? 60),
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
    code: [{ coding: [{ system: SYSTEM.role, code: 'clinician' }] }],
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
  const transaction = new TransactionBuilder()
  for (const resource of [site, service, clinician, role, calendarOf(clinician)]) {
    transaction.createWithId(resource)
  }
  await recordClient().transaction(transaction)
  return {
    patient: await seedPatient({ givenName: wishes.givenName ?? 'Ada' }),
    clinician: { id: clinician.id, name: `Dr. Grace Hollis-${tag}` },
    site: { id: site.id, name: `Maple Street ${tag}`, timeZone },
    service: { id: service.id, name: `Check-up ${tag}`, type: `check-up-${tag}` },
  }
}

/** A patient with a calendar, and nothing else about them in the record. */
export async function seedPatient({
  givenName,
  birthDate = '1980-02-29',
}: {
  givenName: string
  birthDate?: string
}): Promise<SeededPatient> {
  const tag = crypto.randomUUID().slice(0, 8)
  const patient: Patient & { id: string } = {
    resourceType: 'Patient',
    id: `flow-patient-${tag}`,
    active: true,
    name: [{ use: 'official', given: [givenName], family: `Flow-${tag}` }],
    gender: 'female',
    birthDate,
    telecom: [{ system: 'phone', value: '212-555-0123' }],
    managingOrganization: { reference: `Organization/${ORGANIZATION}` },
  }
  const transaction = new TransactionBuilder()
  transaction.createWithId(patient)
  transaction.createWithId(calendarOf(patient))
  await recordClient().transaction(transaction)
  const account = `patient~Patient/${patient.id}~${ORGANIZATION}`
  return { id: patient.id, name: `${givenName} Flow-${tag}`, account }
}

function consentFor(
  relatedPersonId: string,
  { patient, types = [], until }: Relation,
): Consent & { id: string } {
  return {
    resourceType: 'Consent',
    id: `consent-${relatedPersonId}`,
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { reference: `Patient/${patient.id}` },
    policyRule: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPTIN' }],
    },
    provision: {
      type: 'permit',
      period: { start: '2020-01-01', ...(until && { end: until }) },
      actor: [
        {
          role: {
            coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'PRN' }],
          },
          reference: { reference: `RelatedPerson/${relatedPersonId}` },
        },
      ],
      ...(types.length > 0 && { class: types.map((code) => ({ system: SYSTEM.resourceTypes, code })) }),
    },
  }
}

/** Somebody who cares for others and signs in as nobody's patient; gives back the account. */
export async function seedProxy(relations: readonly Relation[]): Promise<string> {
  const id = `flow-proxy-${crypto.randomUUID().slice(0, 8)}`
  const transaction = new TransactionBuilder()
  const related = relations.map((relation, index): RelatedPerson & { id: string } => ({
    resourceType: 'RelatedPerson',
    id: `${id}-${index}`,
    active: true,
    patient: { reference: `Patient/${relation.patient.id}` },
    relationship: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'MTH' }] },
    ],
    name: [{ given: ['Vera'], family: 'Proxy' }],
    period: { start: '2020-01-01', ...(relation.until && { end: relation.until }) },
  }))
  const person: Person & { id: string } = {
    resourceType: 'Person',
    id,
    active: true,
    name: [{ given: ['Vera'], family: 'Proxy' }],
    link: related.map((one) => ({ target: { reference: `RelatedPerson/${one.id}` } })),
  }
  for (const one of related) transaction.createWithId(one)
  relations.forEach((relation, index) => transaction.createWithId(consentFor(`${id}-${index}`, relation)))
  transaction.createWithId(person)
  await recordClient().transaction(transaction)
  return `patient~Person/${id}~${ORGANIZATION}`
}

/** A visit as it stands in the record, for screens that only show it: no time is taken by it. */
export async function seedVisit(
  clinic: Clinic,
  {
    status,
    startsAt,
    by,
  }: { status: Appointment['status']; startsAt: number; by?: 'patient' | 'proxy' | 'clinic' },
): Promise<string> {
  const at = (time: number) => new Date(time).toISOString()
  const actors = [
    `Patient/${clinic.patient.id}`,
    `Practitioner/${clinic.clinician.id}`,
    `Location/${clinic.site.id}`,
    `HealthcareService/${clinic.service.id}`,
  ]
  const { id } = await recordClient().create<Appointment>({
    resourceType: 'Appointment',
    status,
    start: at(startsAt),
    end: at(startsAt + 30 * 60_000),
    minutesDuration: 30,
    created: at(startsAt - 86_400_000),
    participant: actors.map((reference) => ({ actor: { reference }, status: 'accepted' })),
    ...(by && {
      cancelationReason: { coding: [{ system: SYSTEM.cancellationReason, code: 'oth-weath' }] },
    }),
    extension: [
      { url: EXTENSION.timeZone, valueCode: clinic.site.timeZone },
      { url: EXTENSION.visitMode, valueCode: 'in-person' },
      ...(by ? [{ url: EXTENSION.cancelledBy, valueCode: by }] : []),
    ],
  })
  return id
}
