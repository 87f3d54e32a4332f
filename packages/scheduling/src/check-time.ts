import type { Appointment } from '@medplum/fhirtypes'

import type { Actor } from './appointment-state.ts'
import { siteOpenTime, wallSpansOfClosures, workingTime } from './hours.ts'
import type { Site, WeeklyHours } from './hours.ts'
import { contains, mergeIntervals, overlapsAny } from './interval.ts'
import type { Interval } from './interval.ts'
import { ageOn, localDate, toInstantWithOffset } from './local-time.ts'
import { bookableSpan, gridStarts, occupiedBy, visitSpan } from './openings.ts'
import { commonestRefusal, refuse } from './reason.ts'
import type { Refusal, Verdict } from './reason.ts'
import type { ServiceRules, VisitMode } from './service-rules.ts'
import { DAY_MS, instantsOfWallSpan, MINUTE_MS, offsetAt, zoneSegments } from './zone.ts'

/** Why a clinician's time is not free. */
export type BusyKind = 'taken' | 'held' | 'leave'
export type BusyTime = Interval & { kind: BusyKind }

export type TimeCheck = {
  startMs: number
  site: Site
  /** The clinician's weekly hours at the site. */
  hours: readonly WeeklyHours[]
  /** The clinician's busy time; leave out expired holds and what is being moved. */
  busy: readonly BusyTime[]
  rules: ServiceRules
  now: number
  /** Absent: the person's own calendar, age and referral are not checked. `mayOverlap` is the staff's override. */
  patient?:
    | {
        busy: readonly Interval[]
        birthDate?: string | undefined
        hasReferral: boolean
        mayOverlap?: boolean
      }
    | undefined
  visitMode?: VisitMode | undefined
  /** False when the clinician or the site does not offer the service. */
  offersService?: boolean | undefined
}

type RangeCheck = Omit<TimeCheck, 'startMs'>

/** What concerns the person and not the time. */
function checkOffer(check: RangeCheck): Verdict {
  const { rules, patient } = check
  if (check.offersService === false) return refuse('not-offered-here')
  if (check.visitMode !== undefined && !rules.visitModes.includes(check.visitMode)) {
    return refuse('not-offered-here', { 'visit-mode': check.visitMode })
  }
  const lacksReferral = patient !== undefined && rules.referralRequired && !patient.hasReferral
  return lacksReferral ? refuse('needs-referral') : { ok: true }
}

/** Refuses by age on the day of the visit; worked out once per day. */
function ageChecker(check: RangeCheck): (startMs: number) => Refusal | undefined {
  const { patient, site } = check
  const { minimumAgeYears: least, maximumAgeYears: most } = check.rules
  if (patient === undefined || (least === undefined && most === undefined)) return () => undefined
  const refusal = refuse('age-limit', { 'minimum-age': least?.toString(), 'maximum-age': most?.toString() })
  const isOfAge = new Map<number, boolean>()
  return (startMs) => {
    const day = Math.floor((startMs + offsetAt(startMs, site.timeZone)) / DAY_MS)
    let isFine = isOfAge.get(day)
    if (isFine === undefined) {
      const age = ageOn(patient.birthDate ?? '', localDate(startMs, site.timeZone))
      isFine = age >= (least ?? 0) && age <= (most ?? Number.POSITIVE_INFINITY)
      isOfAge.set(day, isFine)
    }
    return isFine ? undefined : refusal
  }
}

/** Finds the closure that a visit would fall into. A closed day that the clocks skip closes nothing. */
function closureFinder(site: Site, reach: Interval): (visit: Interval) => Refusal | undefined {
  if (site.closures.length === 0) return () => undefined
  const segments = zoneSegments(site.timeZone, reach)
  const closures = site.closures.flatMap((closure) =>
    wallSpansOfClosures([closure]).flatMap((wall) =>
      instantsOfWallSpan(wall, segments).map((span) => ({ closure, span })),
    ),
  )
  return (visit) => {
    const found = closures.find(
      ({ span }) => span.startMs < visit.endMs && visit.startMs < span.endMs,
    )?.closure
    if (found === undefined) return undefined
    return refuse('site-closed', {
      'closure-start': found.startDate,
      'closure-end': found.endDate,
      'closure-reason': found.reason,
    })
  }
}

/** Everything that does not depend on the start is worked out once; the answer names the first rule that refuses. */
function checker(check: RangeCheck, range: Interval): (startMs: number) => Verdict {
  const { rules, site, now } = check
  const { timeZone } = site
  const reach = { startMs: range.startMs, endMs: range.endMs + DAY_MS }
  const working = workingTime({ hours: check.hours, site, range: reach })
  const covered = mergeIntervals(working)
  const grid = new Set(gridStarts(working, rules.startEveryMinutes, range, timeZone))
  const bookable = bookableSpan(rules, now, timeZone)
  const busyBy = (kind: BusyKind) => mergeIntervals(check.busy.filter((one) => one.kind === kind))
  const [leave, held, taken] = [busyBy('leave'), busyBy('held'), busyBy('taken')]
  const own = mergeIntervals(check.patient?.busy ?? [])
  const closureAt = closureFinder(site, reach)
  const offer = checkOffer(check)
  const ageAt = ageChecker(check)
  return (startMs) => {
    if (!offer.ok) return offer
    const tooYoungOrOld = ageAt(startMs)
    if (tooYoungOrOld !== undefined) return tooYoungOrOld
    if (startMs < bookable.startMs)
      return refuse('too-soon', { earliest: toInstantWithOffset(bookable.startMs, timeZone) })
    if (startMs >= bookable.endMs)
      return refuse('too-far-ahead', { latest: localDate(bookable.endMs - 1, timeZone) })
    const visit = visitSpan(startMs, rules)
    const closed = closureAt(visit)
    if (closed !== undefined) return closed
    if (!contains(covered, visit)) return refuse('outside-hours')
    if (!grid.has(startMs)) return refuse('not-bookable')
    const occupied = occupiedBy(startMs, rules)
    if (overlapsAny(leave, occupied)) return refuse('on-leave')
    if (overlapsAny(held, occupied)) return refuse('held-by-someone-else')
    if (overlapsAny(taken, occupied)) return refuse('taken')
    if (check.patient?.mayOverlap !== true && overlapsAny(own, visit)) return refuse('own-overlap')
    return { ok: true }
  }
}

/**
 * Whether one start may be booked, else the rule that refuses, in the order: who (not-offered-here, needs-referral, age-limit), when (too-soon,
 * too-far-ahead, site-closed, outside-hours, not-bookable for a time between the starts that are offered), what is there (on-leave,
 * held-by-someone-else, taken, own-overlap). Agrees with `computeOpenings`. A missing birth date does not pass an age limit.
 */
export function checkTime(check: TimeCheck): Verdict {
  return checker(check, { startMs: check.startMs, endMs: check.startMs + 1 })(check.startMs)
}

/** `checkTime` for many starts of one range, worked out once: the starts must lie inside `range`. */
export function timeChecker(check: RangeCheck & { range: Interval }): (startMs: number) => Verdict {
  return checker(check, check.range)
}

/**
 * Why a range offers nothing: the rule that refuses most of the times that working hours would hold. `ok` when there is an opening after all.
 * With no working time in the range: site-closed when closures take it, else outside-hours.
 */
export function explainNoOpenings(of: RangeCheck & { range: Interval }): Verdict {
  const { range, site, rules } = of
  const offer = checkOffer(of)
  if (!offer.ok) return offer
  const check = checker(of, range)
  const unclosed: Site = { ...site, closures: [] }
  const siteOpen = siteOpenTime(unclosed, range)
  const working = workingTime({ hours: of.hours, site: unclosed, range, siteOpen })
  const covered = mergeIntervals(working)
  const refusals: Refusal[] = []
  for (const startMs of gridStarts(working, rules.startEveryMinutes, range, site.timeZone)) {
    if (!contains(covered, visitSpan(startMs, rules))) continue
    const verdict = check(startMs)
    if (verdict.ok) return verdict
    refusals.push(verdict)
  }
  return refusals.length === 0 ? refuse('outside-hours') : commonestRefusal(refusals)
}

/** Whether this person may still cancel or move the visit. The notice binds patients and those who act for them; the clinic may until it has begun. */
export function mayCancel(of: {
  status: Appointment['status']
  startMs: number
  rules: Pick<ServiceRules, 'cancelNoticeMinutes'>
  now: number
  by: Actor
  timeZone: string
}): Verdict {
  if (of.status === 'cancelled' || of.status === 'entered-in-error') return refuse('already-cancelled')
  if (of.status === 'fulfilled' || of.status === 'noshow' || of.startMs <= of.now)
    return refuse('already-past')
  if (of.status === 'pending' || of.by === 'clinic' || of.by === 'worker') return { ok: true }
  const latestMs = of.startMs - of.rules.cancelNoticeMinutes * MINUTE_MS
  return of.now <= latestMs
    ? { ok: true }
    : refuse('too-late-to-cancel', { latest: toInstantWithOffset(latestMs, of.timeZone) })
}
