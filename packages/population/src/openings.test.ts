import type {
  Appointment,
  HealthcareService,
  Location,
  PractitionerRole,
  Resource,
  Slot,
} from '@medplum/fhirtypes'
import { SYSTEM } from '@openward/fhir-client/canonical'
import {
  combine,
  computeOpenings,
  type Interval,
  serviceRulesFrom,
  type ServiceRules,
  siteFrom,
  workingHoursFrom,
  workingTime,
} from '@openward/scheduling'
import { describe, expect, test } from 'vitest'

import { addDays, instantAt } from './dates.ts'
import { generatePopulation } from './generate.ts'
import type { PopulationPlan } from './plan.ts'

const LIVE = ['booked', 'pending', 'arrived', 'checked-in', 'fulfilled', 'proposed', 'waitlist']

function planOn(anchorDate: string): PopulationPlan {
  const now = Date.parse(`${anchorDate}T13:00:00Z`)
  return { seed: 'openward', anchorDate, now, patients: 'demo', organization: 'openward' }
}

function value<T>(read: { ok: true; value: T } | { ok: false; problems: unknown }): T {
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value
}

/** A population as the booking rules of the product see it. */
class Clinic {
  readonly plan: PopulationPlan
  readonly byReference: Map<string, Resource>
  readonly visits: Appointment[]
  readonly slots: Slot[]
  readonly roles: PractitionerRole[]

  constructor(plan: PopulationPlan) {
    const all = [...generatePopulation(plan)]
    this.plan = plan
    this.byReference = new Map(all.map((r) => [`${r.resourceType}/${r.id}`, r]))
    this.visits = all.filter((r): r is Appointment & { id: string } => r.resourceType === 'Appointment')
    this.slots = all.filter((r): r is Slot & { id: string } => r.resourceType === 'Slot')
    this.roles = all.filter(
      (r): r is PractitionerRole & { id: string } => r.resourceType === 'PractitionerRole',
    )
  }

  get<T extends Resource>(reference: string | undefined): T {
    const found = this.byReference.get(reference ?? '')
    if (!found) throw new Error(`${reference} is missing`)
    return found as T
  }

  busy(actor: string): Interval[] {
    const calendar = `Schedule/calendar-${actor.replace('/', '-').toLowerCase()}`
    const spans = this.slots.filter(({ schedule }) => schedule.reference === calendar)
    return spans.map(({ start, end }) => ({ startMs: Date.parse(start), endMs: Date.parse(end) }))
  }

  rules(code: string): ServiceRules {
    return value(serviceRulesFrom(this.get<HealthcareService>(`HealthcareService/service-${code}`)))
  }

  range(fromDay: number, toDay: number, timeZone: string): Interval {
    const { anchorDate } = this.plan
    return {
      startMs: instantAt(addDays(anchorDate, fromDay), 0, timeZone),
      endMs: instantAt(addDays(anchorDate, toDay + 1), 0, timeZone),
    }
  }

  working(role: PractitionerRole, fromDay: number, toDay: number) {
    const site = value(siteFrom(this.get<Location>(role.location?.[0]?.reference)))
    const range = this.range(fromDay, toDay, site.timeZone)
    return { site, range, windows: workingTime({ site, hours: value(workingHoursFrom(role)), range }) }
  }

  openings(role: PractitionerRole, code: string, fromDay: number, toDay: number): number[] {
    const { site, range, windows } = this.working(role, fromDay, toDay)
    return computeOpenings({
      working: windows,
      busy: this.busy(role.practitioner?.reference ?? ''),
      rules: this.rules(code),
      now: this.plan.now,
      range,
      timeZone: site.timeZone,
    })
  }

  rolesOf(practitioner: string): PractitionerRole[] {
    return this.roles.filter((role) => role.practitioner?.reference === `Practitioner/${practitioner}`)
  }
}

function overlaps(spans: (Interval & { what: string })[]): string[] {
  const sorted = spans.toSorted((a, b) => a.startMs - b.startMs)
  const found: string[] = []
  let last = sorted[0]
  for (const span of sorted.slice(1)) {
    if (last && span.startMs < last.endMs) found.push(`${last.what} and ${span.what}`)
    if (!last || span.endMs > last.endMs) last = span
  }
  return found
}

describe.each(['2026-11-22', '2026-11-25', '2026-11-28', '2027-03-12'])('a clinic on %s', (anchorDate) => {
  const clinic = new Clinic(planOn(anchorDate))

  test('nobody and no room is in two live visits at once', () => {
    const byActor = new Map<string, (Interval & { what: string })[]>()
    for (const { id, status, start, end, participant } of clinic.visits) {
      if (!LIVE.includes(status)) continue
      const span = { startMs: Date.parse(start ?? ''), endMs: Date.parse(end ?? ''), what: id ?? '' }
      for (const { actor } of participant) {
        const reference = actor?.reference ?? ''
        const isBookable =
          !reference.startsWith('HealthcareService/') && !reference.startsWith('Location/site-')
        if (isBookable) byActor.set(reference, [...(byActor.get(reference) ?? []), span])
      }
    }
    expect([...byActor.values()].flatMap(overlaps)).toEqual([])
  })

  test('no two taken times of one calendar overlap', () => {
    const byCalendar = Map.groupBy(clinic.slots, ({ schedule }) => schedule.reference)
    const found = [...byCalendar.values()].flatMap((slots) =>
      overlaps(
        slots.map(({ id, start, end }) => ({
          what: id ?? '',
          startMs: Date.parse(start),
          endMs: Date.parse(end),
        })),
      ),
    )
    expect(found).toEqual([])
  })

  test('every visit that is still to come names busy slots that hold it, the clinician with buffers', () => {
    const coming = clinic.visits.filter(
      ({ status, start }) => status === 'booked' && Date.parse(start ?? '') > clinic.plan.now,
    )
    expect(coming.length).toBeGreaterThan(500)
    for (const visit of coming) {
      const slots = (visit.slot ?? []).map(({ reference }) => clinic.get<Slot>(reference))
      expect(slots.map(({ status }) => status)).toEqual(slots.map(() => 'busy'))
      const calendars = slots.map(({ schedule }) => schedule.reference)
      const actors = visit.participant.flatMap(({ actor }) => actor?.reference ?? [])
      for (const actor of actors.filter((one) => /^(Patient|Practitioner)\/|^Location\/room/.test(one))) {
        expect(calendars).toContain(`Schedule/calendar-${actor.replace('/', '-').toLowerCase()}`)
      }
      const service = visit.serviceType?.[0]?.coding?.find(
        ({ system }) => system === SYSTEM.serviceType,
      )?.code
      if (service === undefined || service === 'home-visit') continue
      const rules = clinic.rules(service)
      const own = slots.find(({ id }) => id?.endsWith('-clinician'))
      expect(Date.parse(visit.start ?? '') - Date.parse(own?.start ?? '')).toBe(
        rules.bufferBeforeMinutes * 60_000,
      )
      expect(Date.parse(own?.end ?? '') - Date.parse(visit.end ?? '')).toBe(rules.bufferAfterMinutes * 60_000)
    }
  })

  test('the next days are nearly full, the week after half, and later ones mostly open', () => {
    function share(fromDay: number, toDay: number): number {
      let working = 0
      let taken = 0
      for (const role of clinic.roles) {
        const id = role.practitioner?.reference ?? ''
        if (!role.healthcareService?.length || /clinician-(03|11|14)$|interpreter/.test(id)) continue
        const busy = clinic.busy(id)
        for (const window of clinic.working(role, fromDay, toDay).windows) {
          working += window.endMs - window.startMs
          for (const span of busy) {
            taken += Math.max(0, Math.min(span.endMs, window.endMs) - Math.max(span.startMs, window.startMs))
          }
        }
      }
      return taken / working
    }
    expect(share(1, 5)).toBeGreaterThan(0.7)
    expect(share(1, 5)).toBeLessThan(0.9)
    expect(share(6, 15)).toBeGreaterThan(0.37)
    expect(share(6, 15)).toBeLessThan(0.53)
    expect(share(16, 56)).toBeGreaterThan(0.09)
    expect(share(16, 56)).toBeLessThan(0.21)
  })

  test('one clinician is full for 21 days, one is on leave, one works on Tuesdays, one by video', () => {
    const [full] = clinic.rolesOf('clinician-03')
    const [away] = clinic.rolesOf('clinician-14')
    if (!full || !away) throw new Error('A clinician is missing')
    expect(clinic.openings(full, 'check-up', 0, 20)).toEqual([])
    expect(clinic.openings(full, 'check-up', 21, 60)).not.toEqual([])
    expect(clinic.openings(away, 'follow-up', 1, 20)).toEqual([])
    expect(clinic.openings(away, 'follow-up', 21, 40)).not.toEqual([])
    expect(
      clinic.slots.some(({ id, status }) => id === 'leave-clinician-14' && status === 'busy-unavailable'),
    ).toBe(true)
    expect(
      clinic
        .rolesOf('clinician-09')
        .flatMap(({ availableTime }) => availableTime?.flatMap((t) => t.daysOfWeek)),
    ).toEqual(['tue', 'tue'])
    expect(clinic.rolesOf('clinician-07')[0]?.extension?.[0]?.valueCode).toBe('video')
  })

  test('the visit with clinician, room and interpreter has exactly three openings', () => {
    const roles = clinic.roles.filter((role) =>
      role.healthcareService?.some(({ reference }) => reference === 'HealthcareService/service-joint-visit'),
    )
    const interpreters = clinic.roles.filter((role) => role.code?.[0]?.coding?.[0]?.code === 'interpreter')
    const [clinician, ...others] = roles
    if (!clinician) throw new Error('Nobody offers the joint visit')
    expect(others).toEqual([])
    const candidate = (reference: string) => ({ reference, busy: clinic.busy(reference) })
    const starts = clinic.openings(clinician, 'joint-visit', 0, 90).filter(
      (startMs) =>
        combine({
          startMs,
          rules: clinic.rules('joint-visit'),
          rooms: [candidate('Location/room-new-york-1')],
          interpreters: interpreters.map((role) => candidate(role.practitioner?.reference ?? '')),
        }).ok,
    )
    expect(starts).toHaveLength(3)
  })

  test('the clinics close a fortnight from now, and no visit is on that day', () => {
    const holiday = addDays(anchorDate, 14)
    for (const reference of ['Location/site-new-york', 'Location/site-phoenix', 'Location/site-st-johns']) {
      const site = value(siteFrom(clinic.get<Location>(reference)))
      expect(site.closures.some(({ startDate }) => startDate === holiday)).toBe(true)
    }
    expect(clinic.visits.filter(({ start }) => start?.startsWith(holiday))).toEqual([])
  })
})
