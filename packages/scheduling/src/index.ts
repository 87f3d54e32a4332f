export {
  type Actor,
  type AppointmentStatus,
  HOLD_MINUTES,
  isHoldExpired,
  mayChangeStatus,
  STATUS_TRANSITIONS,
} from './appointment-state.ts'
export {
  type BookingDetails,
  type BookingDetailsForm,
  bookingDetailsSchema,
  FIELD_PROBLEMS,
  type FieldProblem,
  MAX_TEXT_LENGTH,
} from './booking-details.schema.ts'
export {
  type BusyKind,
  type BusyTime,
  checkTime,
  explainNoOpenings,
  mayCancel,
  type TimeCheck,
  timeChecker,
} from './check-time.ts'
export {
  CONFIGURATION_PROBLEMS,
  type ConfigurationProblem,
  type ConfigurationProblemCode,
  type Read,
} from './configuration.ts'
export {
  type Closure,
  expandHours,
  type Site,
  siteOpenTime,
  type Weekday,
  WEEKDAYS,
  type WeeklyHours,
  type WorkingInterval,
  workingTime,
} from './hours.ts'
export {
  contains,
  type Interval,
  intersectIntervals,
  mergeIntervals,
  overlapsAny,
  subtractIntervals,
} from './interval.ts'
export { ageOn, localDate, type PartOfDay, partOfDay, toInstantWithOffset } from './local-time.ts'
export { bookableSpan, computeOpenings, occupiedBy, visitSpan } from './openings.ts'
export {
  type BlockInput,
  type BookInput,
  type CancelInput,
  type CloseInput,
  type FindInput,
  type HoldInput,
  MAX_OCCURRENCES,
  MAX_WINDOW_DAYS,
  type Opening,
  OPERATION_SCHEMAS,
  type OperationInput,
  type OperationName,
  type RescheduleInput,
  type SeriesInput,
  type UnblockInput,
} from './operations.schema.ts'
export { fieldOf, type InputIssue, parametersFor, type ParsedInput, parseParameters } from './parameters.ts'
export {
  blockParameters,
  bookParameters,
  cancelParameters,
  closeParameters,
  findParameters,
  holdParameters,
  rescheduleParameters,
  seriesParameters,
  unblockParameters,
} from './parameter-builders.ts'
export { outsidePeriod } from './period.ts'
export { type Candidate, combine, firstAvailable, type JointChoice, jointChooser } from './pool.ts'
export {
  BOOKING_REASONS,
  type BookingReason,
  commonestRefusal,
  type Refusal,
  type Verdict,
} from './reason.ts'
export {
  checkSeries,
  type Occurrence,
  type OccurrenceOutcome,
  type Scope,
  scopeOfSeries,
  seriesOf,
  weeklyOccurrences,
} from './series.ts'
export {
  problemsOfRules,
  RULE_LIMITS,
  type ServiceRules,
  serviceRulesExtension,
  serviceRulesFrom,
  VISIT_MODES,
  type VisitMode,
  withServiceRules,
} from './service-rules.ts'
export { shiftedAlike } from './shifted.ts'
export {
  problemsOfHours,
  problemsOfSite,
  siteFrom,
  withSite,
  withWorkingHours,
  workingHoursFrom,
} from './site.ts'
export { isTimeZone } from './zone.ts'
export { PARAMETER_TABLE, type ParameterSpec } from './parameter-table.ts'
