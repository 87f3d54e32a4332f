import { z } from 'zod'

import { bookingDetailsSchema, languageSchema, textSchema } from './booking-details.schema.ts'
import { wallOfDate } from './local-time.ts'
import { VISIT_MODES } from './service-rules.ts'
import { DAY_MS } from './zone.ts'

/** A search may span so many days, so that an answer stays small. */
export const MAX_WINDOW_DAYS = 92
const MAX_REFERENCES = 500
const MAX_PARTICIPANTS = 20
export const MAX_OCCURRENCES = 26

function isInstant(text: string): boolean {
  const match =
    /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))$/.exec(
      text,
    )
  const year = Number(text.slice(0, 4))
  return match !== null && wallOfDate(match[1] ?? '') !== undefined && year >= 1900 && year <= 2200
}

/** Milliseconds from one instant to a later one; undefined when either is not one, which its own field says. */
function gapMs({ start, end }: { start: string; end: string }): number | undefined {
  return isInstant(start) && isInstant(end) ? Date.parse(end) - Date.parse(start) : undefined
}

function endsAfterStart(span: { start: string; end: string }): boolean {
  return (gapMs(span) ?? 1) > 0
}

/** An instant with its offset; a date alone says no time and a time without offset no place. */
const instant = z.string('value').refine(isInstant, 'value')
const date = z.string('value').refine((text) => wallOfDate(text) !== undefined, 'value')
const version = z.string('value').regex(/^[A-Za-z0-9\-.]{1,64}$/, 'value')

function referenceTo(type: string) {
  return z.string('value').regex(new RegExp(`^${type}/[A-Za-z0-9\\-.]{1,64}$`), 'value')
}

const anyReference = referenceTo('[A-Z][A-Za-z]{1,39}')
const patient = referenceTo('Patient')
const appointment = referenceTo('Appointment')
const visitMode = z.enum(VISIT_MODES, 'value')
const scope = z.enum(['this', 'following', 'all'], 'value')

/** An opening as `$find` gave it, picked out of its proposed Appointment. The service's rules decide the length, not `end`. */
const openingSchema = z
  .object({
    start: instant,
    end: instant,
    service: referenceTo('HealthcareService'),
    practitioner: referenceTo('Practitioner'),
    location: referenceTo('Location').optional(),
    visitMode: visitMode.optional(),
    timeZone: z.string('value').max(64, 'value').optional(),
    /** Every actor named, in order. */
    participants: z.array(anyReference, 'value').max(MAX_PARTICIPANTS, 'value'),
  })
  .refine(endsAfterStart, { error: 'value', path: ['end'] })

const findSchema = z
  .object({
    start: instant,
    end: instant,
    service: referenceTo('HealthcareService'),
    /** Any of them, in order of preference; empty means anyone. */
    practitioners: z.array(referenceTo('Practitioner'), 'value').max(MAX_REFERENCES, 'value').default([]),
    locations: z.array(referenceTo('Location'), 'value').max(MAX_REFERENCES, 'value').default([]),
    visitMode: visitMode.optional(),
    partOfDay: z.enum(['morning', 'afternoon', 'evening'], 'value').optional(),
    language: languageSchema.optional(),
    interpreter: languageSchema.optional(),
    patient: patient.optional(),
    ignoreAppointment: appointment.optional(),
    count: z.int('value').min(0, 'value').max(1_000, 'value').default(50),
  })
  .refine(endsAfterStart, { error: 'value', path: ['end'] })
  .refine((span) => (gapMs(span) ?? 0) <= MAX_WINDOW_DAYS * DAY_MS, {
    error: 'value',
    path: ['end'],
  })

const holdSchema = z.object({ opening: openingSchema, patient, replaces: appointment.optional() })

const bookSchema = bookingDetailsSchema
  .extend({
    hold: appointment.optional(),
    opening: openingSchema.optional(),
    patient: patient.optional(),
    overrideReason: textSchema.min(1, 'required').optional(),
  })
  .refine((input) => input.hold !== undefined || input.opening !== undefined, {
    error: 'required',
    path: ['hold'],
  })
  .refine((input) => input.hold === undefined || input.opening === undefined, {
    error: 'value',
    path: ['opening'],
  })
  .refine((input) => input.opening === undefined || input.patient !== undefined, {
    error: 'required',
    path: ['patient'],
  })

const cancelSchema = z.object({
  reason: z
    .object(
      {
        system: z.string('value').max(200, 'too-long').optional(),
        code: z.string('required').regex(/^[^\s]{1,64}$/, 'value'),
      },
      'value',
    )
    .optional(),
  comment: textSchema.optional(),
  scope: scope.default('this'),
  /** The version of the Appointment that the person saw. */
  version: version.optional(),
})

const rescheduleSchema = z
  .object({
    opening: openingSchema.optional(),
    hold: appointment.optional(),
    scope: scope.default('this'),
    version: version.optional(),
  })
  .refine((input) => input.hold !== undefined || input.opening !== undefined, {
    error: 'required',
    path: ['opening'],
  })
  .refine((input) => input.hold === undefined || input.opening === undefined, {
    error: 'value',
    path: ['hold'],
  })

const seriesSchema = z
  .object({
    opening: openingSchema,
    patient,
    count: z.int('value').min(2, 'value').max(MAX_OCCURRENCES, 'value'),
    intervalWeeks: z.int('value').min(1, 'value').max(8, 'value').default(1),
    /** The starts to book; empty means check only. */
    chosen: z.array(instant, 'value').max(MAX_OCCURRENCES, 'value').default([]),
  })
  .refine((input) => new Set(input.chosen.map((one) => Date.parse(one))).size === input.chosen.length, {
    error: 'value',
    path: ['chosen'],
  })
  .refine((input) => input.chosen.length <= input.count, { error: 'value', path: ['chosen'] })

const blockSchema = z
  .object({ start: instant, end: instant, comment: textSchema.optional() })
  .refine(endsAfterStart, { error: 'value', path: ['end'] })

const unblockSchema = z.object({ slot: referenceTo('Slot') })

const closeSchema = z
  .object({ startDate: date, endDate: date, reason: textSchema.optional() })
  .refine((input) => input.startDate <= input.endDate, { error: 'value', path: ['endDate'] })

/** The input of every booking operation as a plain object: for the BFF (through `parseParameters`) and for forms. */
export const OPERATION_SCHEMAS = {
  $find: findSchema,
  '$find-days': findSchema,
  $hold: holdSchema,
  $book: bookSchema,
  $cancel: cancelSchema,
  $reschedule: rescheduleSchema,
  $series: seriesSchema,
  $block: blockSchema,
  $unblock: unblockSchema,
  $close: closeSchema,
} as const

export type OperationName = keyof typeof OPERATION_SCHEMAS
export type OperationInput<O extends OperationName> = z.output<(typeof OPERATION_SCHEMAS)[O]>
export type Opening = z.output<typeof openingSchema>
export type FindInput = OperationInput<'$find'>
export type HoldInput = OperationInput<'$hold'>
export type BookInput = OperationInput<'$book'>
export type CancelInput = OperationInput<'$cancel'>
export type RescheduleInput = OperationInput<'$reschedule'>
export type SeriesInput = OperationInput<'$series'>
export type BlockInput = OperationInput<'$block'>
export type UnblockInput = OperationInput<'$unblock'>
export type CloseInput = OperationInput<'$close'>
