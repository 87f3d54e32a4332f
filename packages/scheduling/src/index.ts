import type {
  Appointment,
  Extension,
  HealthcareService,
  Location,
  Parameters,
  PractitionerRole,
} from '@medplum/fhirtypes'

// ---- time
/** Half-open span of instants, epoch milliseconds. */
export type Interval = { startMs: number; endMs: number }
/** A span of working time; `anchorWallMs` is the wall time (local clock as if UTC) at which its window begins: openings sit on a grid from there. */
export type WorkingInterval = Interval & { anchorWallMs: number }
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'
/** Wall times at the site. `endTime` at or before `startTime` means the next day; `00:00` as end is midnight. */
export type WeeklyHours = { daysOfWeek: Weekday[]; allDay?: boolean; startTime?: string; endTime?: string }
/** Calendar dates at the site, both inclusive. */
export type Closure = { startDate: string; endDate: string; reason?: string }
export type Site = { timeZone: string; hours: WeeklyHours[]; closures: Closure[] }

export declare function mergeIntervals(intervals: readonly Interval[]): Interval[]
export declare function subtractIntervals<T extends Interval>(
  from: readonly T[],
  without: readonly Interval[],
): T[]
export declare function intersectIntervals<T extends Interval>(
  of: readonly T[],
  within: readonly Interval[],
): T[]
/** `sorted` must be merged (mergeIntervals). */
export declare function overlapsAny(sorted: readonly Interval[], wanted: Interval): boolean
export declare function isTimeZone(timeZone: string): boolean
export declare function localDate(instantMs: number, timeZone: string): string
export declare function toInstantWithOffset(instantMs: number, timeZone: string): string
export type PartOfDay = 'morning' | 'afternoon' | 'evening'
export declare function partOfDay(instantMs: number, timeZone: string): PartOfDay
export declare function ageOn(birthDate: string, date: string): number
/** Whole windows that touch `range` (not clipped to it). */
export declare function expandHours(of: {
  hours: readonly WeeklyHours[]
  closures: readonly Closure[]
  timeZone: string
  range: Interval
}): WorkingInterval[]

// ---- what an administrator sets
export type VisitMode = 'in-person' | 'video'
export type ServiceRules = {
  durationMinutes: number
  bufferBeforeMinutes: number
  bufferAfterMinutes: number
  startEveryMinutes: number
  leadTimeMinutes: number
  horizonDays: number
  cancelNoticeMinutes: number
  referralRequired: boolean
  minimumAgeYears?: number
  maximumAgeYears?: number
  visitModes: VisitMode[]
  needsRoom: boolean
  needsInterpreter: boolean
  forms: string[]
}
/** `field` is the name in the extension; `code` says what is wrong with it. */
export type ConfigurationProblem = {
  field: string
  code:
    | 'missing'
    | 'not-a-number'
    | 'too-small'
    | 'too-large'
    | 'unknown-value'
    | 'unknown-time-zone'
    | 'not-a-date'
    | 'end-before-start'
    | 'not-a-time'
    | 'age-range'
}
export type Read<T> = { ok: true; value: T } | { ok: false; problems: ConfigurationProblem[] }
export declare function serviceRulesFrom(service: HealthcareService): Read<ServiceRules>
export declare function serviceRulesExtension(rules: ServiceRules): Extension
export declare function siteFrom(location: Location): Read<Site>
/** The Location with zone, hours and closures replaced, everything else kept. */
export declare function withSite(location: Location, site: Site): Location
export declare function workingHoursFrom(role: PractitionerRole): Read<WeeklyHours[]>
export declare function withWorkingHours(
  role: PractitionerRole,
  hours: readonly WeeklyHours[],
): PractitionerRole

// ---- openings
/** Sorted start instants, within `range`, that the rules allow. `busy` need not be sorted. */
export declare function computeOpenings(of: {
  working: readonly WorkingInterval[]
  busy: readonly Interval[]
  rules: ServiceRules
  now: number
  range: Interval
  timeZone: string
}): number[]

// ---- refusals
export declare const BOOKING_REASONS: readonly [
  'taken',
  'held-by-someone-else',
  'hold-expired',
  'too-soon',
  'too-far-ahead',
  'outside-hours',
  'site-closed',
  'on-leave',
  'needs-referral',
  'age-limit',
  'not-offered-here',
  'own-overlap',
  'already-cancelled',
  'already-past',
  'too-late-to-cancel',
  'changed-meanwhile',
  'used-link',
  'no-room',
  'no-interpreter',
  'no-openings',
  'not-bookable',
  'busy-try-again',
  'idempotency-mismatch',
]
export type BookingReason = (typeof BOOKING_REASONS)[number]
export type Refusal = { ok: false; reason: BookingReason; parameters?: Record<string, string> }
export type BusyKind = 'taken' | 'held' | 'leave'
export type BusyTime = Interval & { kind: BusyKind }
export type TimeCheck = {
  startMs: number
  site: Site
  hours: readonly WeeklyHours[]
  busy: readonly BusyTime[]
  rules: ServiceRules
  now: number
  /** Absent: the person's own calendar, age and referral are not checked. */
  patient?: { busy: readonly Interval[]; birthDate?: string; hasReferral: boolean; mayOverlap?: boolean }
  visitMode?: VisitMode
  offersService?: boolean
}
export declare function checkTime(check: TimeCheck): { ok: true } | Refusal
/** Why a whole range holds nothing: the one rule that stands in the way of most. */
export declare function explainNoOpenings(of: Omit<TimeCheck, 'startMs'> & { range: Interval }): Refusal
export declare function mayCancel(of: {
  status: Appointment['status']
  startMs: number
  rules: ServiceRules
  now: number
  by: Actor
}): { ok: true } | Refusal

// ---- pools, series, states, holds
export type Candidate = { reference: string; busy: readonly Interval[] }
export type JointChoice = { ok: true; room?: string; interpreter?: string } | Refusal
export declare function combine(of: {
  startMs: number
  rules: ServiceRules
  rooms?: readonly Candidate[]
  interpreters?: readonly Candidate[]
}): JointChoice
/** The earliest opening of a pool; ties go to the one named first. */
export declare function firstAvailable(
  pool: readonly { reference: string; openings: readonly number[] }[],
): { reference: string; startMs: number } | undefined
export type Occurrence =
  | { index: number; wallTime: string; startMs: number }
  | { index: number; wallTime: string; startMs?: undefined; reason: 'does-not-exist' }
export declare function weeklyOccurrences(of: {
  startMs: number
  count: number
  intervalWeeks: number
  timeZone: string
}): Occurrence[]
export type OccurrenceOutcome = {
  index: number
  wallTime: string
  startMs?: number
  outcome: 'free' | BookingReason
  alternativesMs: number[]
}
/** `openings`: sorted starts of the same clinician that cover the weeks of all occurrences. */
export declare function checkSeries(of: {
  occurrences: readonly Occurrence[]
  check: (startMs: number) => { ok: true } | Refusal
  openings: readonly number[]
  timeZone: string
}): OccurrenceOutcome[]
export type Scope = 'this' | 'following' | 'all'
/** Live visits of the series that the choice touches, by start. */
export declare function scopeOfSeries(
  inSeries: readonly Appointment[],
  chosen: Appointment,
  scope: Scope,
): Appointment[]
export type Actor = 'patient' | 'proxy' | 'clinic' | 'worker'
export declare function mayChangeStatus(
  from: Appointment['status'],
  to: Appointment['status'],
  by: Actor,
): boolean
export declare const HOLD_MINUTES: 10
/** True for an Appointment `pending` whose `held-until` is at or before `now` (or is missing). False for any other status. */
export declare function isHoldExpired(appointment: Appointment, now: number): boolean

// ---- operations
export type Opening = {
  start: string
  end: string
  service: string
  practitioner: string
  location?: string
  visitMode?: VisitMode
  timeZone?: string
  participants: string[]
}
export type FindInput = {
  start: string
  end: string
  service: string
  practitioners: string[]
  locations: string[]
  visitMode?: VisitMode
  partOfDay?: PartOfDay
  language?: string
  interpreter?: string
  patient?: string
  ignoreAppointment?: string
  count: number
}
export type HoldInput = { opening: Opening; patient: string; replaces?: string }
export type BookingDetails = {
  reason?: string
  comment?: string
  contactPhone?: string
  interpreterLanguage?: string
  accessNeeds?: string
}
export type BookInput = BookingDetails & {
  hold?: string
  opening?: Opening
  patient?: string
  overrideReason?: string
}
export type CancelInput = {
  reason?: { system?: string; code: string }
  comment?: string
  scope: Scope
  version?: string
}
export type RescheduleInput = { opening?: Opening; hold?: string; scope: Scope; version?: string }
export type SeriesInput = {
  opening: Opening
  patient: string
  count: number
  intervalWeeks: number
  chosen: string[]
}
export type BlockInput = { start: string; end: string; comment?: string }
export type UnblockInput = { slot: string }
export type CloseInput = { startDate: string; endDate: string; reason?: string }
export type OperationInputs = {
  $find: FindInput
  '$find-days': FindInput
  $hold: HoldInput
  $book: BookInput
  $cancel: CancelInput
  $reschedule: RescheduleInput
  $series: SeriesInput
  $block: BlockInput
  $unblock: UnblockInput
  $close: CloseInput
}
/** `code` is a FHIR issue type: `structure`, `required`, `value`, `too-long`, `not-supported`. */
export type InputIssue = {
  expression: string
  code: 'structure' | 'required' | 'value' | 'too-long' | 'not-supported'
}
export declare function parseParameters<O extends keyof OperationInputs>(
  operation: O,
  body: unknown,
): { ok: true; input: OperationInputs[O] } | { ok: false; issues: InputIssue[] }
export declare function findParameters(
  input: Omit<FindInput, 'count' | 'practitioners' | 'locations'> & Partial<FindInput>,
): Parameters
export declare function holdParameters(input: {
  opening: Appointment
  patient: string
  replaces?: string
}): Parameters
export declare function bookParameters(
  input: BookingDetails & { hold?: string; opening?: Appointment; patient?: string; overrideReason?: string },
): Parameters
export declare function cancelParameters(input: Partial<CancelInput>): Parameters
export declare function rescheduleParameters(input: {
  opening?: Appointment
  hold?: string
  scope?: Scope
  version?: string
}): Parameters
export declare function seriesParameters(input: {
  opening: Appointment
  patient: string
  count: number
  intervalWeeks?: number
  chosen?: string[]
}): Parameters
export declare function blockParameters(input: BlockInput): Parameters
export declare function unblockParameters(input: UnblockInput): Parameters
export declare function closeParameters(input: CloseInput): Parameters
