import {
  ageOn,
  computeOpenings,
  type FindInput,
  type Interval,
  jointChooser,
  localDate,
  mergeIntervals,
  overlapsAny,
  partOfDay,
  siteOpenTime,
  visitSpan,
  type WorkingInterval,
  workingTime,
} from '@openward/scheduling'

import { type BusyBook, busyNow, type Ignored } from './busy-entries.ts'
import type { Directory, Staff } from './directory.ts'
import type { PatientFacts } from './patient-facts.ts'
import type { Offer } from './wish.ts'

/** One clinician at one site in one way, with every start that can be had, sorted. */
export type Candidate = { offer: Offer; starts: number[]; join: ReturnType<typeof jointChooser> }

export type Question = {
  input: FindInput
  directory: Directory
  rules: NonNullable<Directory['rules']>
  book: BusyBook
  now: number
  facts: PatientFacts | undefined
  ignore: Ignored
}

function speaks(staff: Staff, language: string | undefined): boolean {
  if (language === undefined) return true
  const wanted = language.toLowerCase()
  return staff.languages.some(
    (one) => one === wanted || one.startsWith(`${wanted}-`) || wanted.startsWith(`${one}-`),
  )
}

/** Interpreters at a site for the language asked for; undefined when none is wanted. */
function interpretersAt(
  question: Pick<Question, 'input' | 'directory' | 'rules'>,
  site: string,
): Staff[] | undefined {
  const { input, directory, rules } = question
  if (input.interpreter === undefined && !rules.needsInterpreter) return undefined
  return directory.interpreters.filter(
    (one) => (one.site === undefined || one.site === site) && speaks(one, input.interpreter),
  )
}

/** Everybody and every place that the question allows, before any time is looked at. */
export function offersFor(question: Pick<Question, 'input' | 'directory' | 'rules'>): Offer[] {
  const { input, directory, rules } = question
  const wanted = directory.clinicians.flatMap((clinician): Offer[] => {
    const site = directory.sites.get(clinician.site ?? '')
    const visitMode = input.visitMode ?? clinician.visitModes[0]
    if (site === undefined || visitMode === undefined || !clinician.visitModes.includes(visitMode)) return []
    if (input.practitioners.length > 0 && !input.practitioners.includes(clinician.practitioner)) return []
    if (input.locations.length > 0 && !input.locations.includes(site.reference)) return []
    if (!speaks(clinician, input.language)) return []
    const needsRoom = rules.needsRoom && visitMode !== 'video'
    return [
      {
        directory,
        rules,
        clinician,
        site,
        visitMode,
        rooms: needsRoom ? (directory.rooms.get(site.reference) ?? []) : undefined,
        interpreters: interpretersAt(question, site.reference),
      },
    ]
  })
  const rank = ({ clinician }: Offer) => input.practitioners.indexOf(clinician.practitioner)
  return wanted.sort(
    (a, b) => rank(a) - rank(b) || (a.clinician.display ?? '').localeCompare(b.clinician.display ?? ''),
  )
}

/** Everybody whose busy time the question needs. */
export function actorsFor(question: Pick<Question, 'input'>, offers: readonly Offer[]): string[] {
  const actors = new Set<string>()
  for (const { clinician, rooms, interpreters } of offers) {
    actors.add(clinician.practitioner)
    for (const { reference } of rooms ?? []) actors.add(reference)
    for (const { practitioner } of interpreters ?? []) actors.add(practitioner)
  }
  if (question.input.patient !== undefined) actors.add(question.input.patient)
  return [...actors]
}

export function rangeFor(input: Pick<FindInput, 'start' | 'end'>): Interval {
  return { startMs: Date.parse(input.start), endMs: Date.parse(input.end) }
}

function joinFor(question: Question, offer: Offer, range: Interval): Candidate['join'] {
  const busyOf = (actor: string) => busyNow(question.book.get(actor), busyOptions(question))
  return jointChooser({
    rules: offer.rules,
    visitMode: offer.visitMode,
    rooms: offer.rooms?.map(({ reference }) => ({ reference, busy: busyOf(reference) })),
    interpreters: offer.interpreters
      ?.filter(({ practitioner }) => practitioner !== offer.clinician.practitioner)
      .map((one) => ({
        reference: one.practitioner,
        busy: [...busyOf(one.practitioner), ...one.notInRole],
        working:
          one.hours.length === 0
            ? undefined
            : workingTime({ hours: one.hours, site: { ...offer.site.site, hours: [] }, range }),
      })),
  })
}

export function busyOptions(question: Pick<Question, 'now' | 'ignore'>) {
  return { now: question.now, ignore: question.ignore }
}

/** Whether a start suits the person: the part of the day, their age on that day, their own calendar. Each start is looked at once per site. */
function startFilter(question: Question, timeZone: string): (startMs: number) => boolean {
  const { input, rules, facts } = question
  const own = mergeIntervals(busyNow(question.book.get(input.patient ?? ''), busyOptions(question)))
  const limits = rules.minimumAgeYears !== undefined || rules.maximumAgeYears !== undefined
  const verdicts = new Map<number, boolean>()
  const isOfAge = (startMs: number) => {
    const age = ageOn(facts?.birthDate ?? '', localDate(startMs, timeZone))
    return age >= (rules.minimumAgeYears ?? 0) && age <= (rules.maximumAgeYears ?? Number.POSITIVE_INFINITY)
  }
  const suits = (startMs: number) => {
    if (input.partOfDay !== undefined && partOfDay(startMs, timeZone) !== input.partOfDay) return false
    if (facts !== undefined && limits && !isOfAge(startMs)) return false
    return !overlapsAny(own, visitSpan(startMs, rules))
  }
  return (startMs) => {
    const known = verdicts.get(startMs)
    if (known !== undefined) return known
    const verdict = suits(startMs)
    verdicts.set(startMs, verdict)
    return verdict
  }
}

/** What of a site is worked out once for all of its clinicians. */
type SiteWork = {
  open: Interval[] | undefined
  working: Map<string, WorkingInterval[]>
  suits: (startMs: number) => boolean
  join: Candidate['join']
  joins: Map<number, boolean>
}

/** All openings, by clinician. */
export function openingsOf(question: Question, offers: readonly Offer[]): Candidate[] {
  const range = rangeFor(question.input)
  const sites = new Map<string, SiteWork>()
  const isJoint = offers.some(({ rooms, interpreters }) => rooms !== undefined || interpreters !== undefined)
  const workAt = (offer: Offer): SiteWork => {
    // an interpreter may be a clinician of the same service, who cannot interpret for themselves
    const own = offer.interpreters?.some(({ practitioner }) => practitioner === offer.clinician.practitioner)
    const key = `${offer.site.reference} ${offer.visitMode} ${own === true ? offer.clinician.practitioner : ''}`
    const known = sites.get(key)
    if (known !== undefined) return known
    const { site } = offer.site
    const work = {
      open: siteOpenTime(site, range),
      working: new Map(),
      suits: startFilter(question, site.timeZone),
      join: joinFor(question, offer, range),
      joins: new Map(),
    }
    sites.set(key, work)
    return work
  }
  return offers.map((offer) => {
    const work = workAt(offer)
    const { site } = offer.site
    const hoursKey = JSON.stringify(offer.clinician.hours)
    const working =
      work.working.get(hoursKey) ??
      workingTime({ hours: offer.clinician.hours, site, range, siteOpen: work.open })
    work.working.set(hoursKey, working)
    const busy = busyNow(question.book.get(offer.clinician.practitioner), busyOptions(question))
    const starts = computeOpenings({
      working,
      busy: [...busy, ...offer.clinician.notInRole],
      rules: question.rules,
      now: question.now,
      range,
      timeZone: site.timeZone,
    }).filter((startMs) => work.suits(startMs) && (!isJoint || canJoin(work, startMs)))
    return { offer, starts, join: work.join }
  })
}

function canJoin(work: SiteWork, startMs: number): boolean {
  const known = work.joins.get(startMs)
  if (known !== undefined) return known
  const verdict = work.join(startMs).ok
  work.joins.set(startMs, verdict)
  return verdict
}
