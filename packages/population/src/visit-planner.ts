import { Calendars } from './calendars.ts'
import { ageOn, instantAt, MINUTE_MS, weekdayOf } from './dates.ts'
import { birthDateOf, canHaveVisits, homeSite, numberedPeople, patientId } from './people.ts'
import type { PopulationPlan } from './plan.ts'
import { type Random, randomFor } from './random.ts'
import { type ServiceRow, serviceRow } from './service-list.ts'
import { isClosed, sitesOf, type SiteRow } from './site-list.ts'
import type { ClinicianRow, ClinicRole } from './staff-list.ts'
import type { Visit, VisitStatus } from './visit.ts'

export type PlannedTime = { date: string; minuteOfDay: number }

const REASONS = [
  'Tired for some weeks',
  'Cough that does not go away',
  'Knee pain on the stairs',
  'Blood pressure check',
  'Questions about my medicines',
  'Headaches',
  'Trouble sleeping',
  'Results of my last test',
]
const CANCEL_REASONS = [
  { by: 'patient', code: 'pat', text: 'Patient' },
  { by: 'patient', code: 'pat-fb', text: 'Patient: feeling better' },
  { by: 'clinic', code: 'prov', text: 'Provider' },
] as const

/** Plans visits so that nobody is ever in two places; everything goes through `add`. */
export class VisitPlanner {
  readonly plan: PopulationPlan
  readonly visits: Visit[] = []
  readonly #calendars = new Calendars()
  readonly #sites: Map<string, SiteRow>

  constructor(plan: PopulationPlan) {
    this.plan = plan
    this.#sites = new Map(sitesOf(plan).map((site) => [site.id, site]))
  }

  site(siteId: string): SiteRow {
    const site = this.#sites.get(siteId)
    if (!site) throw new Error(`There is no site ${siteId}`)
    return site
  }

  /** The wall-time windows a role works on a date; none when the site is closed. */
  windowsOn(role: ClinicRole, date: string): ClinicRole['hours']['windows'] {
    if (!role.hours.days.includes(weekdayOf(date))) return []
    return isClosed(this.plan, this.site(role.siteId), date) ? [] : role.hours.windows
  }

  isFree(actor: string, startMs: number, endMs: number): boolean {
    return this.#calendars.isFree(actor, startMs, endMs)
  }

  /** Marks time as gone without a visit: leave, or time kept open on purpose. */
  block(actor: string, startMs: number, endMs: number): void {
    this.#calendars.take(actor, startMs, endMs)
  }

  /** Adds the visit when everyone in it is free; false otherwise. Visits that do not take time always fit. */
  add(visit: Visit): boolean {
    if (visit.status === 'cancelled' || visit.status === 'noshow') {
      this.visits.push(visit)
      return true
    }
    const actors = [visit.patientId, visit.roomId, visit.interpreterId].filter((id) => id !== undefined)
    const isClinicianFree = this.isFree(visit.clinicianId, visit.takenFromMs, visit.takenToMs)
    if (!isClinicianFree || !actors.every((id) => this.isFree(id, visit.startMs, visit.endMs))) return false
    this.#calendars.take(visit.clinicianId, visit.takenFromMs, visit.takenToMs)
    for (const id of actors) this.#calendars.take(id, visit.startMs, visit.endMs)
    this.visits.push(visit)
    return true
  }

  /** A visit of this service at a wall time, not yet added. */
  draft(
    clinician: Pick<ClinicianRow, 'id'>,
    role: Pick<ClinicRole, 'siteId' | 'isVideoOnly'>,
    service: ServiceRow,
    time: PlannedTime,
    patient: string,
  ): Visit {
    const { timeZone } = this.site(role.siteId)
    const startMs = instantAt(time.date, time.minuteOfDay, timeZone)
    const endMs = startMs + service.durationMinutes * MINUTE_MS
    const hour = String(Math.floor(time.minuteOfDay / 60)).padStart(2, '0')
    const minute = String(time.minuteOfDay % 60).padStart(2, '0')
    const mode = role.isVideoOnly || !service.visitModes.includes('in-person') ? 'video' : 'in-person'
    const visit: Visit = {
      id: `visit-${clinician.id}-${time.date.replaceAll('-', '')}-${hour}${minute}`,
      serviceCode: service.code,
      clinicianId: clinician.id,
      patientId: patient,
      siteId: role.siteId,
      timeZone,
      startMs,
      endMs,
      takenFromMs: startMs - service.bufferBeforeMinutes * MINUTE_MS,
      takenToMs: endMs + service.bufferAfterMinutes * MINUTE_MS,
      status: 'booked',
      mode,
    }
    return { ...visit, status: this.statusAt(visit) }
  }

  /** What the clock says about a visit that went as planned. */
  statusAt({ startMs, endMs }: Pick<Visit, 'startMs' | 'endMs'>): VisitStatus {
    const { now } = this.plan
    if (endMs <= now) return 'fulfilled'
    if (startMs <= now) return 'arrived'
    return startMs - now <= 15 * MINUTE_MS ? 'checked-in' : 'booked'
  }

  /** A numbered person near this site who may have this service and is free then, or undefined after some tries. */
  somebodyFor(service: ServiceRow, siteId: string, visit: Visit, random: Random): string | undefined {
    const count = numberedPeople(this.plan)
    for (let tries = 0; tries < 60 && count > 0; tries += 1) {
      const number = random.int(1, count)
      const age = ageOn(birthDateOf(this.plan, number), this.plan.anchorDate)
      const isOldEnough = age >= (service.minimumAgeYears ?? 0) && age <= (service.maximumAgeYears ?? 200)
      if (!isOldEnough || !canHaveVisits(this.plan, number)) continue
      if (homeSite(this.plan, number).id !== siteId && visit.mode !== 'video') continue
      if (this.isFree(patientId(number), visit.startMs, visit.endMs)) return patientId(number)
    }
    return undefined
  }

  /** The visit as life had it: some past ones were missed or called off, some have a reason. */
  asLived(visit: Visit, random: Random): Visit {
    const reason = random.chance(0.5) ? { reason: random.pick(REASONS) } : {}
    const draw = random.next()
    if (visit.status === 'fulfilled' && draw < 0.05) return { ...visit, ...reason, status: 'noshow' }
    if (visit.status === 'fulfilled' && draw < 0.13) {
      const { by, code, text } = random.pick(CANCEL_REASONS)
      return { ...visit, ...reason, status: 'cancelled', cancelledBy: by, cancelReason: { code, text } }
    }
    return { ...visit, ...reason }
  }

  /** Fills about `share` of a role's working minutes on a date with visits; gives back nothing, adds to `visits`. */
  fillDay(clinician: ClinicianRow, role: ClinicRole, date: string, share: number): void {
    const random = randomFor(
      this.plan.seed,
      this.plan.organization,
      'day',
      clinician.id,
      role.suffix ?? '',
      date,
    )
    const services = role.services.map(serviceRow)
    const blocks: { service: ServiceRow; minuteOfDay: number; takes: number }[] = []
    let working = 0
    for (const [from, to] of this.windowsOn(role, date)) {
      working += to - from
      let cursor = from
      for (;;) {
        const service = random.pick(services)
        const { bufferBeforeMinutes: before, bufferAfterMinutes: after, startEveryMinutes: every } = service
        const minuteOfDay = from + Math.ceil((cursor + before - from) / every) * every
        const ends = minuteOfDay + service.durationMinutes + after
        if (ends > to) break
        blocks.push({ service, minuteOfDay, takes: ends - cursor })
        cursor = ends
      }
    }
    let wanted = working * share
    while (blocks.length > 0 && wanted > 0) {
      const [block] = blocks.splice(random.int(0, blocks.length - 1), 1)
      if (!block || (wanted < block.takes && !random.chance(wanted / block.takes))) break
      wanted -= block.takes
      this.#fillBlock(clinician, role, { date, ...block }, random)
    }
  }

  #fillBlock(
    clinician: ClinicianRow,
    role: ClinicRole,
    block: PlannedTime & { service: ServiceRow },
    random: Random,
  ): void {
    const draft = this.draft(clinician, role, block.service, block, '')
    const patient = this.somebodyFor(block.service, role.siteId, draft, random)
    if (patient !== undefined) this.add(this.asLived({ ...draft, patientId: patient }, random))
  }
}
