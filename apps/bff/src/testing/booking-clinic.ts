import { randomUUID } from 'node:crypto'

import type { HealthcareService, Location, PractitionerRole, Resource } from '@medplum/fhirtypes'
import { EXTENSION, type FhirClient, SYSTEM, TransactionBuilder } from '@openward/fhir-client'
import {
  type ServiceRules,
  serviceRulesExtension,
  type WeeklyHours,
  withWorkingHours,
} from '@openward/scheduling'

const EVERY_DAY: WeeklyHours[] = [
  { daysOfWeek: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], startTime: '08:00', endTime: '20:00' },
]

export type ClinicOptions = {
  timeZone?: string
  rules?: Partial<ServiceRules>
  hours?: WeeklyHours[]
  clinicians?: number
  rooms?: number
  interpreters?: number
  patients?: number
}

/** References of a small clinic of its own, so that tests do not meet. */
export type Clinic = {
  site: string
  service: string
  clinicians: string[]
  rooms: string[]
  interpreters: string[]
  patients: string[]
  timeZone: string
}

function concept(system: string, code: string) {
  return { coding: [{ system, code }] }
}

function roleOf(
  practitioner: string,
  clinic: Clinic,
  code: string,
  hours: WeeklyHours[],
): PractitionerRole & { id: string } {
  const role: PractitionerRole = {
    resourceType: 'PractitionerRole',
    active: true,
    practitioner: { reference: practitioner },
    location: [{ reference: clinic.site }],
    code: [concept(SYSTEM.role, code)],
    ...(code === 'clinician' ? { healthcareService: [{ reference: clinic.service }] } : {}),
  }
  return { ...withWorkingHours(role, hours), id: randomUUID() }
}

export async function createClinic(fhir: FhirClient, options: ClinicOptions = {}): Promise<Clinic> {
  const many = (type: string, count: number) => Array.from({ length: count }, () => `${type}/${randomUUID()}`)
  const clinic: Clinic = {
    site: `Location/${randomUUID()}`,
    service: `HealthcareService/${randomUUID()}`,
    clinicians: many('Practitioner', options.clinicians ?? 1),
    rooms: many('Location', options.rooms ?? 0),
    interpreters: many('Practitioner', options.interpreters ?? 0),
    patients: many('Patient', options.patients ?? 1),
    timeZone: options.timeZone ?? 'America/New_York',
  }
  const idOf = (reference: string) => reference.slice(reference.indexOf('/') + 1)
  const rules: ServiceRules = {
    durationMinutes: 30,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    startEveryMinutes: 30,
    leadTimeMinutes: 0,
    horizonDays: 300,
    cancelNoticeMinutes: 60,
    referralRequired: false,
    visitModes: ['in-person', 'video'],
    needsRoom: (options.rooms ?? 0) > 0,
    needsInterpreter: (options.interpreters ?? 0) > 0,
    forms: [],
    ...options.rules,
  }
  const site: Location = {
    resourceType: 'Location',
    status: 'active',
    name: 'Harbor Clinic',
    physicalType: concept(SYSTEM.locationPhysicalType, 'si'),
    extension: [{ url: EXTENSION.siteTimeZone, valueCode: clinic.timeZone }],
    telecom: [{ system: 'phone', value: '+1-212-555-0101' }],
    address: { line: ['1 Harbor Street'], city: 'New York' },
  }
  const service: HealthcareService = {
    resourceType: 'HealthcareService',
    active: true,
    name: 'Check-up',
    type: [concept(SYSTEM.serviceType, idOf(clinic.service))],
    location: [{ reference: clinic.site }],
    extension: [serviceRulesExtension(rules)],
  }
  const hours = options.hours ?? EVERY_DAY
  const resources: (Resource & { id: string })[] = [
    { ...site, id: idOf(clinic.site) },
    { ...service, id: idOf(clinic.service) },
    ...clinic.rooms.map((room): Location & { id: string } => ({
      resourceType: 'Location',
      id: idOf(room),
      status: 'active',
      name: 'Room',
      physicalType: concept(SYSTEM.locationPhysicalType, 'ro'),
      partOf: { reference: clinic.site },
    })),
    ...[...clinic.clinicians, ...clinic.interpreters].map((one, index) => ({
      resourceType: 'Practitioner' as const,
      id: idOf(one),
      active: true,
      name: [{ family: `Clinician ${String(index).padStart(3, '0')}` }],
      communication: [concept('urn:ietf:bcp:47', 'es')],
    })),
    ...clinic.clinicians.map((one) => roleOf(one, clinic, 'clinician', hours)),
    ...clinic.interpreters.map((one) => roleOf(one, clinic, 'interpreter', hours)),
    ...clinic.patients.map((one) => ({
      resourceType: 'Patient' as const,
      id: idOf(one),
      birthDate: '1980-02-29',
      name: [{ family: 'Rivera', given: ['Ana'] }],
    })),
  ]
  for (let at = 0; at < resources.length; at += 200) {
    const transaction = new TransactionBuilder()
    for (const resource of resources.slice(at, at + 200)) transaction.createWithId(resource)
    await fhir.transaction(transaction)
  }
  return clinic
}
