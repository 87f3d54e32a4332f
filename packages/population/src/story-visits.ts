import type { Patient } from '@medplum/fhirtypes'

import { openDate } from './clinic-visits.ts'
import { addDays, instantAt } from './dates.ts'
import { numberedPeople, patientId } from './people.ts'
import type { PopulationPlan } from './plan.ts'
import { randomFor } from './random.ts'
import { serviceRow } from './service-list.ts'
import { type ClinicianRow, cliniciansOf } from './staff-list.ts'
import { HOME_CLINICIANS } from './visiting-staff-list.ts'
import type { Visit } from './visit.ts'
import type { VisitPlanner } from './visit-planner.ts'

const NEW_YORK = 'site-new-york'

/** The visit history of `demo-patient`: eleven visits, one called off by each side and one missed. */
const PAST_VISITS = [
  { daysBack: 392, serviceCode: 'new-patient', reason: 'First visit' },
  { daysBack: 350, serviceCode: 'blood-test' },
  { daysBack: 338, serviceCode: 'follow-up', reason: 'Blood test results' },
  { daysBack: 275, serviceCode: 'follow-up', reason: 'Blood pressure', outcome: 'cancelled-by-clinic' },
  { daysBack: 266, serviceCode: 'follow-up', reason: 'Blood pressure' },
  { daysBack: 190, serviceCode: 'vaccination' },
  { daysBack: 151, serviceCode: 'follow-up', reason: 'New medicine', outcome: 'missed' },
  { daysBack: 140, serviceCode: 'follow-up', reason: 'New medicine' },
  { daysBack: 77, serviceCode: 'check-up', reason: 'Yearly check-up', outcome: 'cancelled-by-her' },
  { daysBack: 63, serviceCode: 'check-up', reason: 'Yearly check-up' },
  { daysBack: 21, serviceCode: 'follow-up', reason: 'Blood pressure at home is higher' },
] as const

type Outcome = 'cancelled-by-clinic' | 'cancelled-by-her' | 'missed'

function withOutcome(visit: Visit, outcome: Outcome | undefined): Visit {
  switch (outcome) {
    case 'cancelled-by-clinic':
      return {
        ...visit,
        status: 'cancelled',
        cancelledBy: 'clinic',
        cancelReason: { code: 'prov', text: 'Provider' },
      }
    case 'cancelled-by-her':
      return {
        ...visit,
        status: 'cancelled',
        cancelledBy: 'patient',
        cancelReason: { code: 'pat', text: 'Patient' },
      }
    case 'missed':
      return { ...visit, status: 'noshow' }
    case undefined:
      return visit
  }
}

/** Somebody who works at this site on this date and offers the service; the patient's own clinician first. */
function clinicianOn(
  plan: PopulationPlan,
  planner: VisitPlanner,
  date: string,
  serviceCode: string,
): ClinicianRow | undefined {
  return cliniciansOf(plan).find(({ roles, story }) =>
    roles.some(
      (role) =>
        story === undefined &&
        role.siteId === NEW_YORK &&
        role.services.includes(serviceCode) &&
        planner.windowsOn(role, date).length > 0,
    ),
  )
}

function storyVisit(
  plan: PopulationPlan,
  planner: VisitPlanner,
  date: string,
  serviceCode: string,
  minuteOfDay: number,
): Visit | undefined {
  const clinician = clinicianOn(plan, planner, date, serviceCode)
  const role = clinician?.roles[0]
  if (!clinician || !role) return undefined
  return planner.draft(clinician, role, serviceRow(serviceCode), { date, minuteOfDay }, 'demo-patient')
}

/** Visits of the people with accounts, and of the one who died with a visit booked; planned before all others. */
export function planStoryVisits(plan: PopulationPlan, planner: VisitPlanner): void {
  if (plan.organization !== 'openward') return
  for (const past of PAST_VISITS) {
    const date = openDate(plan, planner, NEW_YORK, -past.daysBack)
    const visit = storyVisit(plan, planner, date, past.serviceCode, 630)
    if (!visit) throw new Error(`Nobody offers ${past.serviceCode} on ${date}`)
    const reason = 'reason' in past ? { reason: past.reason } : {}
    planner.add(withOutcome({ ...visit, ...reason }, 'outcome' in past ? past.outcome : undefined))
  }
  const next = storyVisit(plan, planner, addDays(plan.anchorDate, 3), 'check-up', 600)
  if (next) planner.add({ ...next, reason: 'Yearly check-up, moved from spring' })
  const dead = 6
  if (numberedPeople(plan) >= dead) {
    const date = openDate(plan, planner, NEW_YORK, 4)
    const visit = storyVisit(plan, planner, date, 'follow-up', 660)
    if (visit) planner.add({ ...visit, patientId: patientId(dead) })
  }
}

const HOME_STARTS = [8 * 60, 9 * 60 + 40, 11 * 60 + 20, 13 * 60 + 15, 15 * 60]
const HOME_MINUTES: Record<string, number> = { RN: 45, LPN: 45, PT: 50, OT: 50, MSW: 60, HHA: 75 }

/** Today's home visits: five for each home clinician, to people near their site. */
export function planHomeVisits(
  plan: PopulationPlan,
  planner: VisitPlanner,
  clients: ReadonlyMap<string, readonly Patient[]>,
): void {
  if (plan.organization !== 'openward') return
  for (const clinician of HOME_CLINICIANS) {
    const near = clients.get(clinician.siteId) ?? []
    const { timeZone } = planner.site(clinician.siteId)
    const random = randomFor(plan.seed, 'home', clinician.id)
    const laterMinutes = random.int(0, 11) * 5
    for (const usualMinute of near.length > 0 ? HOME_STARTS : []) {
      const minuteOfDay = usualMinute + laterMinutes
      const startMs = instantAt(plan.anchorDate, minuteOfDay, timeZone)
      const endMs = startMs + (HOME_MINUTES[clinician.code] ?? 45) * 60_000
      const client = near
        .slice(random.int(0, near.length - 1))
        .concat(near)
        .find(({ id }) => planner.isFree(id ?? '', startMs, endMs))
      if (!client?.id) continue
      const visit: Visit = {
        id: `home-visit-${clinician.id}-${plan.anchorDate.replaceAll('-', '')}-${minuteOfDay}`,
        serviceCode: 'home-visit',
        serviceName: 'Home visit',
        clinicianId: clinician.id,
        patientId: client.id,
        siteId: clinician.siteId,
        timeZone,
        startMs,
        endMs,
        takenFromMs: startMs,
        takenToMs: endMs,
        status: 'booked',
        reason: clinician.title,
      }
      planner.add({ ...visit, status: planner.statusAt(visit) })
    }
  }
}
