import type { CareTeam, Encounter, Group, Patient, Resource } from '@medplum/fhirtypes'
import { SYSTEM } from '@openward/fhir-client/canonical'

import { addDays, ageOn, instantText } from './dates.ts'
import type { Displays } from './displays.ts'
import {
  birthDateOf,
  canHaveVisits,
  homeSite,
  isDeep,
  numberedPeople,
  patientId,
  personAt,
  UNUSUAL_COUNT,
} from './people.ts'
import type { PopulationPlan } from './plan.ts'
import { randomFor } from './random.ts'
import { asTestData, concept, refer } from './resources.ts'
import type { Visit } from './visit.ts'

const PANEL = 118
const OTHER_PANEL = 46
const CLIENTS_PER_SITE = 30

function* adults(plan: PopulationPlan, minimumAge: number): Generator<number> {
  for (let number = UNUSUAL_COUNT + 1; number <= numberedPeople(plan); number += 1) {
    const isOldEnough = ageOn(birthDateOf(plan, number), plan.anchorDate) >= minimumAge
    if (isOldEnough && canHaveVisits(plan, number)) yield number
  }
}

function careTeam(
  plan: PopulationPlan,
  displays: Displays,
  patient: string,
  members: readonly string[],
): CareTeam {
  return {
    resourceType: 'CareTeam',
    id: `care-team-${patient}`,
    status: 'active',
    category: [concept('http://loinc.org', 'LA27976-2', 'Longitudinal care-coordination focused care team')],
    name: 'Care team',
    subject: refer('Patient', patient, displays.of(patient)),
    period: { start: addDays(plan.anchorDate, -240) },
    participant: members.map((member) => ({
      role: [
        member.startsWith('demo-care-manager')
          ? concept(SYSTEM.role, 'care-manager', 'Care manager')
          : concept(SYSTEM.role, 'clinician', 'Clinician'),
      ],
      member: refer('Practitioner', member, displays.of(member)),
      period: { start: addDays(plan.anchorDate, -240) },
    })),
    managingOrganization: [refer('Organization', plan.organization)],
  }
}

/** The panels of the two care managers; the first holds 118 people, `demo-patient` among them. */
export function* careTeams(plan: PopulationPlan, displays: Displays): Generator<Resource> {
  if (plan.organization !== 'openward') return
  yield careTeam(plan, displays, 'demo-patient', ['demo-care-manager', 'demo-clinician'])
  let count = 1
  for (const number of adults(plan, 18)) {
    if (count >= PANEL + OTHER_PANEL) return
    const manager = count < PANEL ? 'demo-care-manager' : 'demo-care-manager2'
    yield careTeam(plan, displays, patientId(number), [manager, 'demo-clinician'])
    count += 1
  }
}

/** People who are visited at home, by the site whose clinicians come. */
export function homeClients(plan: PopulationPlan): ReadonlyMap<string, readonly Patient[]> {
  const clients = new Map<string, Patient[]>([
    ['site-new-york', []],
    ['site-phoenix', []],
  ])
  if (plan.organization !== 'openward') return clients
  for (const number of adults(plan, 62)) {
    const near = clients.get(homeSite(plan, number).id)
    if (near && near.length < CLIENTS_PER_SITE) near.push(personAt(plan, number))
    if ([...clients.values()].every(({ length }) => length >= CLIENTS_PER_SITE)) break
  }
  return clients
}

const ENCOUNTER_STATUS = { booked: 'planned', 'checked-in': 'planned', arrived: 'in-progress' } as const

/** A home visit as it happens: one Encounter of class HH for each of today's. */
export function homeEncounter(plan: PopulationPlan, visit: Visit, displays: Displays): Encounter {
  const status =
    visit.status in ENCOUNTER_STATUS
      ? ENCOUNTER_STATUS[visit.status as keyof typeof ENCOUNTER_STATUS]
      : 'finished'
  const start = instantText(visit.startMs, visit.timeZone)
  const end = instantText(visit.endMs, visit.timeZone)
  return asTestData<Encounter>({
    resourceType: 'Encounter',
    id: `encounter-${visit.id}`,
    status,
    class: {
      system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
      code: 'HH',
      display: 'home health',
    },
    type: [{ text: visit.reason ?? 'Home visit' }],
    subject: refer('Patient', visit.patientId, displays.of(visit.patientId)),
    participant: [{ individual: refer('Practitioner', visit.clinicianId, displays.of(visit.clinicianId)) }],
    appointment: [refer('Appointment', visit.id)],
    ...(status === 'planned' ? {} : { period: status === 'finished' ? { start, end } : { start } }),
    serviceProvider: refer('Organization', plan.organization),
  })
}

type GroupRow = {
  id: string
  name: string
  limit: number
  includes: (plan: PopulationPlan, number: number, age: number) => boolean
}

const GROUPS: readonly GroupRow[] = [
  {
    id: 'group-65-new-york',
    name: '65 and over, New York',
    limit: 180,
    includes: (plan, number, age) => age >= 65 && homeSite(plan, number).id === 'site-new-york',
  },
  {
    id: 'group-flu-vaccine',
    name: 'Flu vaccine due',
    limit: 400,
    includes: (plan, number) => randomFor(plan.seed, 'flu', number).chance(0.4),
  },
  {
    id: 'group-check-up-overdue',
    name: 'No check-up in two years',
    limit: 240,
    includes: (plan, number, age) => age >= 18 && randomFor(plan.seed, 'overdue', number).chance(0.3),
  },
  {
    id: 'group-children-phoenix',
    name: 'Children to vaccinate, Phoenix',
    limit: 60,
    includes: (plan, number, age) => age < 12 && homeSite(plan, number).id === 'site-phoenix',
  },
  {
    id: 'group-care-program',
    name: 'In the care program',
    limit: 90,
    includes: (plan, number, age) => age >= 40 && isDeep(plan, number),
  },
  {
    id: 'group-over-90',
    name: 'Over 90, living alone',
    limit: 8,
    includes: (_plan, _number, age) => age >= 90,
  },
]
/** Enough people to fill every group, however large the population is. */
const SCANNED = 3_000

/** The groups that outreach starts from; the last one is too small to be told about in numbers. */
export function* outreachGroups(plan: PopulationPlan): Generator<Resource> {
  if (plan.organization !== 'openward') return
  for (const row of GROUPS) {
    const members: string[] = []
    for (
      let number = 1;
      number <= Math.min(SCANNED, numberedPeople(plan)) && members.length < row.limit;
      number += 1
    ) {
      if (!canHaveVisits(plan, number)) continue
      const age = ageOn(birthDateOf(plan, number), plan.anchorDate)
      if (row.includes(plan, number, age)) members.push(patientId(number))
    }
    if (members.length === 0) continue
    const group: Group = {
      resourceType: 'Group',
      id: row.id,
      active: true,
      type: 'person',
      actual: true,
      name: row.name,
      quantity: members.length,
      managingEntity: refer('Organization', plan.organization),
      member: members.map((id) => ({ entity: refer('Patient', id) })),
    }
    yield group
  }
}
