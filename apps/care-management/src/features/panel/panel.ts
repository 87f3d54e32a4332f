import type { Appointment, CareTeam, CodeableConcept, Patient } from '@medplum/fhirtypes'
import { referencedId, type Versioned } from '@openward/fhir-client'
import { formatPersonName } from '@openward/ui/person-name'
import { holdsWords } from '@openward/ui/search-text'

/** Somebody whose care team the caller belongs to. */
export type PanelPerson = {
  id: string
  name: string
  patient: Versioned<Patient>
}

function isNow(period: { start?: string; end?: string } | undefined, today: string): boolean {
  const { start, end } = period ?? {}
  return (
    (start === undefined || start.slice(0, 10) <= today) && (end === undefined || end.slice(0, 10) >= today)
  )
}

/** Whether somebody belongs to a team today: the membership has begun and has not ended. */
function isMember(team: CareTeam, practitioner: string, today: string): boolean {
  return (team.participant ?? []).some(
    ({ member, period }) => member?.reference === practitioner && isNow(period, today),
  )
}

/** The people of these teams, each once, by name. */
export function panelFrom(
  teams: readonly CareTeam[],
  patients: readonly Versioned<Patient>[],
  { practitioner, today, locale }: { practitioner: string; today: string; locale: string },
): PanelPerson[] {
  const ids = new Set(
    teams
      .filter((team) => isMember(team, practitioner, today))
      .flatMap(({ subject }) => referencedId(subject, 'Patient') ?? []),
  )
  return patients
    .filter(({ id }) => ids.has(id))
    .map((patient) => ({ id: patient.id, name: formatPersonName(patient.name, { locale }), patient }))
    .toSorted((a, b) => a.name.localeCompare(b.name, locale))
}

/** People whose name, also an earlier one, holds every word. */
export function matching(panel: readonly PanelPerson[], text: string): PanelPerson[] {
  return panel.filter(({ name, patient }) => {
    const names = (patient.name ?? []).flatMap(({ given, family, text: whole }) => [
      ...(given ?? []),
      family ?? '',
      whole ?? '',
    ])
    return holdsWords([name, ...names].join(' '), text)
  })
}

/** The language somebody prefers to speak. */
export function languageOf({ communication }: Patient): CodeableConcept | undefined {
  return (communication?.find(({ preferred }) => preferred) ?? communication?.[0])?.language
}

/** The first visit still to come of each patient, by patient id. */
export function nextVisits(visits: readonly Appointment[], nowMs: number): Map<string, Appointment> {
  const next = new Map<string, Appointment>()
  const ahead = visits
    .filter(({ start }) => Date.parse(start ?? '') >= nowMs)
    .toSorted((a, b) => Date.parse(a.start ?? '') - Date.parse(b.start ?? ''))
  for (const visit of ahead) {
    for (const { actor } of visit.participant) {
      const id = referencedId(actor, 'Patient')
      if (id !== undefined && !next.has(id)) next.set(id, visit)
    }
  }
  return next
}
