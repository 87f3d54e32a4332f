import type { Address, Appointment, Patient, Practitioner } from '@medplum/fhirtypes'
import { EXTENSION, getExtension, referencedId } from '@openward/fhir-client'
import { dateAt } from '@openward/ui/format'
import { formatPersonName } from '@openward/ui/person-name'

/** What a visit's stored status is called on screen. */
export const VISIT_STATES = [
  'proposed',
  'pending',
  'booked',
  'arrived',
  'checked-in',
  'fulfilled',
  'cancelled',
  'noshow',
  'waitlist',
  'entered-in-error',
] as const
export type VisitState = (typeof VISIT_STATES)[number]

/** One home visit of today, as the list shows it. */
export type HomeVisit = {
  id: string
  startsAt: string
  endsAt: string
  timeZone: string
  state: VisitState
  /** Empty when the patient may not be seen. */
  patientName: string
  address: Address | undefined
  phone: string | undefined
  clinicianName: string
}

type People = { patients: ReadonlyMap<string, Patient>; clinicians: ReadonlyMap<string, Practitioner> }

function actorId(visit: Appointment, type: 'Patient' | 'Practitioner'): string | undefined {
  return visit.participant.map(({ actor }) => referencedId(actor, type)).find((id) => id !== undefined)
}

/** The home, not where post goes and not an address of the past. */
function homeAddress(patient: Patient | undefined): Address | undefined {
  const current = (patient?.address ?? []).filter(
    ({ use, period }) => use !== 'old' && period?.end === undefined,
  )
  return (
    current.find(({ use }) => use === 'home') ?? current.find(({ type }) => type !== 'postal') ?? current[0]
  )
}

function phoneOf(patient: Patient | undefined): string | undefined {
  const phones = (patient?.telecom ?? []).filter(({ system, use }) => system === 'phone' && use !== 'old')
  return (phones.find(({ use }) => use === 'mobile') ?? phones[0])?.value
}

/** Whether a visit is on this moment's date at the place where it happens. */
export function isToday(visit: Appointment, now: string): boolean {
  const timeZone = zoneOf(visit)
  return dateAt(visit.start ?? '', timeZone) === dateAt(now, timeZone)
}

function zoneOf(visit: Appointment): string {
  return getExtension(visit, EXTENSION.timeZone)?.valueCode ?? 'UTC'
}

/** Today's visits with the people in them, by start. Today is the date at each visit's own site. */
export function homeVisitsFrom(
  visits: readonly (Appointment & { id: string })[],
  { patients, clinicians }: People,
  { now, locale }: { now: string; locale: string },
): HomeVisit[] {
  return visits
    .filter((visit) => isToday(visit, now))
    .map((visit) => {
      const patient = patients.get(actorId(visit, 'Patient') ?? '')
      const clinician = clinicians.get(actorId(visit, 'Practitioner') ?? '')
      return {
        id: visit.id,
        startsAt: visit.start ?? '',
        endsAt: visit.end ?? visit.start ?? '',
        timeZone: zoneOf(visit),
        state: visit.status,
        patientName: patient ? formatPersonName(patient.name, { locale }) : '',
        address: homeAddress(patient),
        phone: phoneOf(patient),
        clinicianName: clinician ? formatPersonName(clinician.name, { locale, withPrefix: true }) : '',
      }
    })
    .toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt) || a.id.localeCompare(b.id))
}
