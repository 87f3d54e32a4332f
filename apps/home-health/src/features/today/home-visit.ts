import type { Address, Appointment, Patient, Practitioner } from '@medplum/fhirtypes'
import { EXTENSION, getExtension, referencedId } from '@openward/fhir-client'
import { dateAt } from '@openward/ui/format'
import { formatPersonName } from '@openward/ui/person-name'

/** What a visit's stored status is called on screen. */
const VISIT_STATES = [
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
  day: 'today' | 'tomorrow'
  /** Empty when the patient may not be seen. */
  patientName: string
  address: Address | undefined
  phone: string | undefined
  clinicianName: string
}

const DAY_MS = 86_400_000

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

/** Which day a visit is on by the clock of the place where it happens; undefined for any other day. */
function dayOf(visit: Appointment, now: string): 'today' | 'tomorrow' | undefined {
  const timeZone = zoneOf(visit)
  const date = dateAt(visit.start ?? '', timeZone)
  const today = dateAt(now, timeZone)
  if (date === today) return 'today'
  const tomorrow = new Date(Date.parse(`${today}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10)
  return date === tomorrow ? 'tomorrow' : undefined
}

function zoneOf(visit: Appointment): string {
  return getExtension(visit, EXTENSION.timeZone)?.valueCode ?? 'UTC'
}

/** Visits of today and tomorrow with the people in them, by start. The days are those at each visit's own site. */
export function homeVisitsFrom(
  visits: readonly (Appointment & { id: string })[],
  { patients, clinicians }: People,
  { now, locale }: { now: string; locale: string },
): HomeVisit[] {
  return visits
    .flatMap((visit): HomeVisit[] => {
      const day = dayOf(visit, now)
      if (day === undefined) return []
      const patient = patients.get(actorId(visit, 'Patient') ?? '')
      const clinician = clinicians.get(actorId(visit, 'Practitioner') ?? '')
      const shown: HomeVisit = {
        id: visit.id,
        day,
        startsAt: visit.start ?? '',
        endsAt: visit.end ?? visit.start ?? '',
        timeZone: zoneOf(visit),
        state: visit.status,
        patientName: patient ? formatPersonName(patient.name, { locale }) : '',
        address: homeAddress(patient),
        phone: phoneOf(patient),
        clinicianName: clinician ? formatPersonName(clinician.name, { locale, withPrefix: true }) : '',
      }
      return [shown]
    })
    .toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt) || a.id.localeCompare(b.id))
}
