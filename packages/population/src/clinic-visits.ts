import type { Slot } from '@medplum/fhirtypes'

import { addDays, instantAt, instantText } from './dates.ts'
import { numberedPeople, patientId } from './people.ts'
import type { PopulationPlan } from './plan.ts'
import { asTestData, refer } from './resources.ts'
import { serviceRow } from './service-list.ts'
import { isClosed } from './site-list.ts'
import { type ClinicianRow, cliniciansOf, JOINT_CLINICIAN, jointDate } from './staff-list.ts'
import { INTERPRETERS } from './visiting-staff-list.ts'
import type { VisitPlanner } from './visit-planner.ts'

const DAYS_BACK = 56
const DAYS_AHEAD = 56
const FULL_DAYS = 21
/** Past visits are as many as a small clinic writes up, not as many as it has time for. */
const PAST_SHARE = 0.3

/** Numbered people up to this one take the times around the joint visit; smaller populations go without. */
const LAST_JOINT_PERSON = 43

/** How much of the working time is taken, by days from the anchor. */
function shareOf(clinician: ClinicianRow, day: number): number {
  if (day < 0) return PAST_SHARE
  if (clinician.story === 'full' && day < FULL_DAYS) return 1
  if (day <= 5) return 0.8
  return day <= 15 ? 0.45 : 0.15
}

/** The first and the last day of the leave, as days from the anchor. */
const LEAVE_DAYS = { first: 1, last: 20 } as const

function leaveOf(
  plan: PopulationPlan,
  planner: VisitPlanner,
): { clinician: ClinicianRow; startMs: number; endMs: number } | undefined {
  const clinician = cliniciansOf(plan).find(({ story }) => story === 'on-leave')
  const role = clinician?.roles[0]
  if (!clinician || !role) return undefined
  const { timeZone } = planner.site(role.siteId)
  const startMs = instantAt(addDays(plan.anchorDate, LEAVE_DAYS.first), 0, timeZone)
  const endMs = instantAt(addDays(plan.anchorDate, LEAVE_DAYS.last + 1), 0, timeZone)
  return { clinician, startMs, endMs }
}

function blockedSlot(
  id: string,
  calendar: string,
  comment: string,
  span: { startMs: number; endMs: number; timeZone: string },
): Slot {
  return asTestData<Slot>({
    resourceType: 'Slot',
    id,
    schedule: refer('Schedule', calendar),
    status: 'busy-unavailable',
    start: instantText(span.startMs, span.timeZone),
    end: instantText(span.endMs, span.timeZone),
    comment,
  })
}

/**
 * The joint visit has exactly three openings. It is offered from nine to twelve on two dates a fortnight apart, which
 * makes six starts: one is gone because the room is taken, one because both interpreters are, one because the
 * clinician is. On every other such weekday the clinician is away.
 */
function planJointVisits(plan: PopulationPlan, planner: VisitPlanner): Slot[] {
  const clinician = cliniciansOf(plan).find(({ id }) => id === JOINT_CLINICIAN)
  const role = clinician?.roles.find(({ suffix }) => suffix === 'joint')
  if (!clinician || !role || numberedPeople(plan) < LAST_JOINT_PERSON) return []
  const first = jointDate(plan)
  const second = addDays(first, 14)
  const service = serviceRow('joint-visit')
  const other = serviceRow('new-patient')
  const roomId = 'room-new-york-1'
  const at = (date: string, minuteOfDay: number) => ({ date, minuteOfDay })
  const [spanish, arabic] = INTERPRETERS
  const taken = planner.draft(clinician, role, service, at(first, 540), patientId(LAST_JOINT_PERSON - 3))
  planner.add({ ...taken, roomId, interpreterId: spanish.id, interpreterLanguage: 'es' })
  const inRoom = planner.draft(
    { id: 'clinician-01' },
    role,
    other,
    at(first, 600),
    patientId(LAST_JOINT_PERSON - 2),
  )
  planner.add({ ...inRoom, roomId })
  const withSpanish = planner.draft(
    { id: 'demo-clinician' },
    role,
    other,
    at(second, 660),
    patientId(LAST_JOINT_PERSON - 1),
  )
  planner.add({ ...withSpanish, interpreterId: spanish.id, interpreterLanguage: 'es' })
  const withArabic = planner.draft(
    { id: 'clinician-10' },
    role,
    other,
    at(second, 660),
    patientId(LAST_JOINT_PERSON),
  )
  planner.add({ ...withArabic, interpreterId: arabic.id, interpreterLanguage: 'ar' })
  const { timeZone } = planner.site(role.siteId)
  const away: Slot[] = []
  for (let date = addDays(first, -14); date <= addDays(plan.anchorDate, 120); date = addDays(date, 7)) {
    if (date === first || date === second || date < plan.anchorDate) continue
    const span = { startMs: instantAt(date, 540, timeZone), endMs: instantAt(date, 720, timeZone), timeZone }
    planner.block(clinician.id, span.startMs, span.endMs)
    const id = `away-${clinician.id}-${date.replaceAll('-', '')}`
    away.push(blockedSlot(id, `calendar-practitioner-${clinician.id}`, 'Teaching', span))
  }
  return away
}

/** Fills every clinic calendar; gives back the time that is blocked without a visit. */
export function planClinicVisits(plan: PopulationPlan, planner: VisitPlanner): Slot[] {
  const blocked = planJointVisits(plan, planner)
  const leave = leaveOf(plan, planner)
  if (leave) {
    const { clinician, startMs, endMs } = leave
    const timeZone = planner.site(clinician.roles[0]?.siteId ?? '').timeZone
    planner.block(clinician.id, startMs, endMs)
    const calendar = `calendar-practitioner-${clinician.id}`
    blocked.push(blockedSlot(`leave-${clinician.id}`, calendar, 'On leave', { startMs, endMs, timeZone }))
  }
  for (const clinician of cliniciansOf(plan)) {
    for (const role of clinician.roles) {
      if (role.suffix === 'joint') continue
      for (let day = -DAYS_BACK; day <= DAYS_AHEAD; day += 1) {
        planner.fillDay(clinician, role, addDays(plan.anchorDate, day), shareOf(clinician, day))
      }
    }
  }
  return blocked
}

/** The nearest day in this direction, from `offset` days after the anchor, on which a site is open on a weekday. */
export function openDate(
  plan: PopulationPlan,
  planner: VisitPlanner,
  siteId: string,
  offset: number,
): string {
  const step = offset < 0 ? -1 : 1
  let date = addDays(plan.anchorDate, offset)
  const site = planner.site(siteId)
  for (let tries = 0; tries < 14; tries += 1) {
    const isWeekend = [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay())
    if (!isWeekend && !isClosed(plan, site, date)) return date
    date = addDays(date, step)
  }
  return date
}
