import { jointChooser, type Refusal, timeChecker, workingTime } from '@openward/scheduling'

import { busyNow } from './busy-entries.ts'
import type { CalendarState } from './calendar.ts'
import { writableCalendar } from './calendars.ts'
import type { PatientFacts } from './patient-facts.ts'
import { type Offer, rangeOf, type Wish } from './wish.ts'

/** One visit that can be had: who takes part besides patient and clinician. */
export type Choice = { startMs: number; room?: string; interpreter?: string }
export type Verdict = ({ ok: true } & Choice) | Refusal

export type ChooseOptions = {
  now: number
  /** Appointments whose time counts as free: those being moved, and the hold being booked. */
  ignore: ReadonlySet<string>
  mayOverlap?: boolean
  /** A held time was soon enough when it was held. */
  isHeld?: boolean
}

/** Starts so near to each other are decided on together; the rules look at no more than 400 days at once. */
const TOGETHER_MS = 100 * 86_400_000

/** Decides whether each wished start can be had, from calendars that are about to be locked. */
export function chooser(
  wish: Wish,
  offer: Offer,
  facts: PatientFacts,
  state: CalendarState,
  options: ChooseOptions,
): (startMs: number) => Verdict {
  const parts = new Map<number, (startMs: number) => Verdict>()
  const partOf = (startMs: number) => Math.floor(startMs / TOGETHER_MS)
  return (startMs) => {
    const part = partOf(startMs)
    const known = parts.get(part)
    if (known !== undefined) return known(startMs)
    const startsMs = wish.startsMs.filter((one) => partOf(one) === part)
    const made = partChooser({ ...wish, startsMs }, offer, facts, state, options)
    parts.set(part, made)
    return made(startMs)
  }
}

function partChooser(
  wish: Wish,
  offer: Offer,
  facts: PatientFacts,
  state: CalendarState,
  options: ChooseOptions,
): (startMs: number) => Verdict {
  const { now, ignore } = options
  const { rules, site } = offer
  const range = rangeOf(wish, offer)
  const busyOf = (actor: string) =>
    busyNow(state.book.get(actor), { now, ignore, ignoreHoldsOf: wish.patient })
  const isWritable = (actor: string) => writableCalendar(state.calendars, actor) !== undefined
  const check = timeChecker({
    site: site.site,
    hours: offer.clinician.hours,
    busy: [
      ...busyOf(wish.practitioner),
      ...offer.clinician.notInRole.map((span) => ({ ...span, kind: 'leave' as const })),
    ],
    rules: options.isHeld === true ? { ...rules, leadTimeMinutes: 0 } : rules,
    now,
    visitMode: offer.visitMode,
    range,
    patient: {
      busy: busyOf(wish.patient),
      birthDate: facts.birthDate,
      hasReferral: facts.hasReferral,
      mayOverlap: options.mayOverlap === true,
    },
  })
  const candidates = (offer.interpreters ?? []).filter(
    ({ practitioner }) => practitioner !== wish.practitioner,
  )
  const join = jointChooser({
    rules,
    visitMode: offer.visitMode,
    rooms: offer.rooms
      ?.filter(({ reference }) => isWritable(reference))
      .map(({ reference }) => ({ reference, busy: busyOf(reference) })),
    interpreters:
      offer.interpreters &&
      candidates
        .filter(({ practitioner }) => isWritable(practitioner))
        .map((one) => ({
          reference: one.practitioner,
          busy: [...busyOf(one.practitioner), ...one.notInRole],
          working:
            one.hours.length === 0
              ? undefined
              : workingTime({ hours: one.hours, site: { ...site.site, hours: [] }, range }),
        })),
  })
  return (startMs) => {
    const verdict = check(startMs)
    if (!verdict.ok) return verdict
    const joint = join(startMs)
    if (!joint.ok) return joint
    const { room, interpreter } = joint
    return { ok: true, startMs, ...(room ? { room } : {}), ...(interpreter ? { interpreter } : {}) }
  }
}
