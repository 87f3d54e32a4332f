import type { OperationName } from './operations.schema.ts'

/** One parameter of an operation: its name on the wire, its field in the input, how its value is written. */
export type ParameterSpec = {
  name: string
  field: string
  kind: 'opening' | 'reference' | 'instant' | 'code' | 'coding' | 'date' | 'integer' | 'string'
  isMany?: true
}

const FIND: readonly ParameterSpec[] = [
  { name: 'start', field: 'start', kind: 'instant' },
  { name: 'end', field: 'end', kind: 'instant' },
  { name: 'service', field: 'service', kind: 'reference' },
  { name: 'practitioner', field: 'practitioners', kind: 'reference', isMany: true },
  { name: 'location-reference', field: 'locations', kind: 'reference', isMany: true },
  { name: 'visit-mode', field: 'visitMode', kind: 'code' },
  { name: 'part-of-day', field: 'partOfDay', kind: 'code' },
  { name: 'language', field: 'language', kind: 'code' },
  { name: 'interpreter', field: 'interpreter', kind: 'code' },
  { name: 'patient-reference', field: 'patient', kind: 'reference' },
  { name: 'ignore-appointment', field: 'ignoreAppointment', kind: 'reference' },
  { name: '_count', field: 'count', kind: 'integer' },
]

const OPENING: ParameterSpec = { name: 'appointment-resource', field: 'opening', kind: 'opening' }
const PATIENT: ParameterSpec = { name: 'patient-reference', field: 'patient', kind: 'reference' }
const SCOPE: ParameterSpec = { name: 'scope', field: 'scope', kind: 'code' }
const VERSION: ParameterSpec = { name: 'version', field: 'version', kind: 'string' }
const COMMENT: ParameterSpec = { name: 'comment', field: 'comment', kind: 'string' }

/** Operations of booking as docs/architecture.md lists them. */
export const PARAMETER_TABLE: Readonly<Record<OperationName, readonly ParameterSpec[]>> = {
  $find: FIND,
  '$find-days': FIND,
  $hold: [OPENING, PATIENT, { name: 'replaces', field: 'replaces', kind: 'reference' }],
  $book: [
    { name: 'appointment-reference', field: 'hold', kind: 'reference' },
    OPENING,
    PATIENT,
    { name: 'reason', field: 'reason', kind: 'string' },
    COMMENT,
    { name: 'contact-phone', field: 'contactPhone', kind: 'string' },
    { name: 'interpreter-language', field: 'interpreterLanguage', kind: 'code' },
    { name: 'access-needs', field: 'accessNeeds', kind: 'string' },
    { name: 'override-reason', field: 'overrideReason', kind: 'string' },
  ],
  $cancel: [{ name: 'reason', field: 'reason', kind: 'coding' }, COMMENT, SCOPE, VERSION],
  $reschedule: [OPENING, { name: 'hold', field: 'hold', kind: 'reference' }, SCOPE, VERSION],
  $series: [
    OPENING,
    PATIENT,
    { name: 'count', field: 'count', kind: 'integer' },
    { name: 'interval-weeks', field: 'intervalWeeks', kind: 'integer' },
    { name: 'chosen', field: 'chosen', kind: 'instant', isMany: true },
  ],
  $block: [
    { name: 'start', field: 'start', kind: 'instant' },
    { name: 'end', field: 'end', kind: 'instant' },
    COMMENT,
  ],
  $unblock: [{ name: 'slot', field: 'slot', kind: 'reference' }],
  $close: [
    { name: 'start', field: 'startDate', kind: 'date' },
    { name: 'end', field: 'endDate', kind: 'date' },
    { name: 'reason', field: 'reason', kind: 'string' },
  ],
}
