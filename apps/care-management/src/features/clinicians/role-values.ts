import type { Extension, PractitionerRole } from '@medplum/fhirtypes'
import { EXTENSION, listExtensions, referencedId, SYSTEM } from '@openward/fhir-client'
import { VISIT_MODES, withWorkingHours, workingHoursFrom } from '@openward/scheduling'
import type { FieldProblem } from '#/lib/field-problems.ts'
import { EMPTY_WEEK, hoursFrom, problemsOfWeek, weekFrom, type WeekHours } from '#/lib/hours.ts'

/** What somebody does at one site: a PractitionerRole, as an administrator edits it. */
export type RoleValues = {
  siteId: string
  serviceIds: string[]
  /** Both means: whatever the service offers. */
  visitModes: string[]
  hours: WeekHours
  isActive: boolean
}

export function roleValuesFrom(role: PractitionerRole | undefined): RoleValues {
  const hours = role && workingHoursFrom(role)
  const limited = listExtensions(role, EXTENSION.visitMode).flatMap(({ valueCode }) => valueCode ?? [])
  return {
    siteId: referencedId(role?.location?.[0], 'Location') ?? '',
    serviceIds: (role?.healthcareService ?? [])
      .flatMap((one) => referencedId(one, 'HealthcareService') ?? [])
      .toSorted(),
    visitModes: (limited.length === 0 ? [...VISIT_MODES] : limited).toSorted(),
    hours: hours?.ok ? weekFrom(hours.value) : EMPTY_WEEK,
    isActive: role?.active !== false,
  }
}

export function problemsOfRole(values: RoleValues): FieldProblem[] {
  return [
    ...(values.siteId === '' ? [{ name: 'siteId', code: 'missing' }] : []),
    ...(values.visitModes.length === 0 ? [{ name: 'visitModes', code: 'missing' }] : []),
    ...(problemsOfWeek(values.hours).length > 0 ? [{ name: 'hours', code: 'hours' }] : []),
  ]
}

/** The role with these values, everything else of it kept. */
export function withRole<T extends PractitionerRole>(role: T, values: RoleValues): T {
  const { extension, healthcareService, location, ...rest } = role
  const isLimited = values.visitModes.length < VISIT_MODES.length
  const modes: Extension[] = values.visitModes.map((valueCode) => ({ url: EXTENSION.visitMode, valueCode }))
  const extensions = [
    ...(extension ?? []).filter(({ url }) => url !== EXTENSION.visitMode),
    ...(isLimited ? modes : []),
  ]
  const services = values.serviceIds.map(
    (id) =>
      healthcareService?.find((one) => referencedId(one, 'HealthcareService') === id) ?? {
        reference: `HealthcareService/${id}`,
      },
  )
  const kept = location?.find((one) => referencedId(one, 'Location') === values.siteId)
  const described = {
    ...rest,
    ...(extensions.length > 0 ? { extension: extensions } : {}),
    active: values.isActive,
    location: [kept ?? { reference: `Location/${values.siteId}` }],
    ...(services.length > 0 ? { healthcareService: services } : {}),
  }
  return withWorkingHours(described as T, hoursFrom(values.hours)) as T
}

/** A role that does not exist yet. `practitioner` is a reference, also of one made in the same transaction. */
export function newRole(practitioner: string, organizationId: string, title: string): PractitionerRole {
  return {
    resourceType: 'PractitionerRole',
    period: { start: new Date().toISOString().slice(0, 10) },
    practitioner: { reference: practitioner },
    organization: { reference: `Organization/${organizationId}` },
    code: [{ coding: [{ system: SYSTEM.role, code: 'clinician', display: 'Clinician' }], text: 'Clinician' }],
    ...(title.trim() === '' ? {} : { specialty: [{ text: title.trim() }] }),
  }
}
