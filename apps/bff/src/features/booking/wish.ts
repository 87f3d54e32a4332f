import { parseReference } from '@openward/fhir-client'
import {
  type Interval,
  occupiedBy,
  type Opening,
  type Refusal,
  type VisitMode,
  visitSpan,
} from '@openward/scheduling'

import type { OperationContext } from '#/lib/operation.ts'

import { type Directory, readDirectoryNow, readRecentDirectory, type Staff } from './directory.ts'

/** What somebody wants booked. The rest of what the client sent is not looked at: the server builds the visit itself. */
export type Wish = {
  service: string
  practitioner: string
  site: string | undefined
  startsMs: number[]
  visitMode: VisitMode | undefined
  /** Anybody else named in the opening: a preferred room, and the interpreter when one was asked for. */
  preferred: string[]
  patient: string
}

/** A wish with the people and places that can serve it. */
export type Offer = {
  directory: Directory
  rules: NonNullable<Directory['rules']>
  clinician: Staff
  site: NonNullable<ReturnType<Directory['sites']['get']>>
  visitMode: VisitMode
  rooms: { reference: string; display: string | undefined }[] | undefined
  interpreters: Staff[] | undefined
}

export function wishFrom(opening: Opening, patient: string): Wish {
  return {
    service: opening.service,
    practitioner: opening.practitioner,
    site: opening.location,
    startsMs: [Date.parse(opening.start)],
    visitMode: opening.visitMode,
    preferred: opening.participants,
    patient,
  }
}

function preferredFirst<T>(
  all: readonly T[],
  preferred: readonly string[],
  referenceOf: (one: T) => string,
): T[] {
  const rank = (one: T) => {
    const index = preferred.indexOf(referenceOf(one))
    return index < 0 ? preferred.length : index
  }
  return [...all].sort((a, b) => rank(a) - rank(b))
}

function interpretersFor(
  wish: Wish,
  directory: Directory,
  site: string,
  isNeeded: boolean,
): Staff[] | undefined {
  const here = directory.interpreters.filter((one) => one.site === undefined || one.site === site)
  // the clinician is named in every opening, and may interpret for others
  const named = here.find(
    ({ practitioner }) => practitioner !== wish.practitioner && wish.preferred.includes(practitioner),
  )
  if (named === undefined) return isNeeded ? here : undefined
  const sameLanguage = here.filter(({ languages }) =>
    languages.some((language) => named.languages.includes(language)),
  )
  return preferredFirst(sameLanguage, wish.preferred, ({ practitioner }) => practitioner)
}

function holdsStart(span: Interval, { startsMs: [first = 0] }: Wish): boolean {
  return span.startMs <= first && first < span.endMs
}

function offerFrom(wish: Wish, directory: Directory): Offer | Refusal {
  const { rules } = directory
  if (rules === undefined) return { ok: false, reason: 'not-bookable' }
  const roles = directory.clinicians.filter(
    (one) => one.practitioner === wish.practitioner && (wish.site === undefined || one.site === wish.site),
  )
  const fitting = roles.filter(
    ({ visitModes }) => wish.visitMode === undefined || visitModes.includes(wish.visitMode),
  )
  const inForce = fitting.filter(({ notInRole }) => !notInRole.some((span) => holdsStart(span, wish)))
  const inMode = inForce.length > 0 ? inForce : fitting
  const [first] = inMode
  const site = directory.sites.get(first?.site ?? '')
  const visitMode = wish.visitMode ?? first?.visitModes[0]
  if (first === undefined || site === undefined || visitMode === undefined) {
    const parameters =
      roles.length > 0 && wish.visitMode ? { parameters: { 'visit-mode': wish.visitMode } } : {}
    return { ok: false, reason: 'not-offered-here', ...parameters }
  }
  const here = inMode.filter((one) => one.site === first.site && one.visitModes.includes(visitMode))
  const clinician = { ...first, hours: here.flatMap((one) => one.hours), notInRole: first.notInRole }
  const needsRoom = rules.needsRoom && visitMode !== 'video'
  return {
    directory,
    rules,
    clinician,
    site,
    visitMode,
    rooms: needsRoom
      ? preferredFirst(
          directory.rooms.get(site.reference) ?? [],
          wish.preferred,
          ({ reference }) => reference,
        )
      : undefined,
    interpreters: interpretersFor(wish, directory, site.reference, rules.needsInterpreter),
  }
}

export function isRefusal(of: object): of is Refusal {
  return 'ok' in of && of.ok === false
}

/** Who and what could serve a wish: good enough to know whose calendars to read. A refusal is looked at again, as it may be out of date. */
export async function readOffer(context: OperationContext, wish: Wish): Promise<Offer | Refusal> {
  const recent = offerFrom(wish, await readRecentDirectory(context, wish.service, wish.practitioner))
  return isRefusal(recent) ? readOfferNow(context, wish) : recent
}

/** The same as it is stored now. */
export async function readOfferNow(context: OperationContext, wish: Wish): Promise<Offer | Refusal> {
  return offerFrom(wish, await readDirectoryNow(context, wish.service, wish.practitioner))
}

/** Who is in every visit of a wish; a room and an interpreter are chosen among many. */
export function takenFrom(wish: Wish): string[] {
  return [wish.practitioner, wish.patient]
}

/** Everybody whose calendar a wish may come to need. */
export function actorsOf(wish: Wish, offer: Offer): string[] {
  const rooms = (offer.rooms ?? []).map(({ reference }) => reference)
  const interpreters = (offer.interpreters ?? []).map(({ practitioner }) => practitioner)
  return [wish.practitioner, wish.patient, ...rooms, ...interpreters].filter(
    (one) => parseReference(one) !== undefined,
  )
}

/** The span around all starts, buffers included, in which busy time matters. Throws a RangeError for a wish without any start. */
export function rangeOf(wish: Pick<Wish, 'startsMs'>, offer: Pick<Offer, 'rules'>): Interval {
  if (wish.startsMs.length === 0) throw new RangeError('a wish without any start')
  const spans = wish.startsMs.flatMap((startMs) => [
    occupiedBy(startMs, offer.rules),
    visitSpan(startMs, offer.rules),
  ])
  return {
    startMs: Math.min(...spans.map(({ startMs }) => startMs)),
    endMs: Math.max(...spans.map(({ endMs }) => endMs)),
  }
}
