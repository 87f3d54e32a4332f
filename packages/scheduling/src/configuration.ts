/** What is wrong with one setting: `field` is its name (lists by index: `hours[0].startTime`), `code` the reason. */
export type ConfigurationProblem = { field: string; code: ConfigurationProblemCode }

export const CONFIGURATION_PROBLEMS = [
  'missing',
  'not-a-number',
  'too-small',
  'too-large',
  'unknown-value',
  'unknown-time-zone',
  'not-a-date',
  'not-a-time',
  'end-before-start',
  'age-range',
] as const
export type ConfigurationProblemCode = (typeof CONFIGURATION_PROBLEMS)[number]

/** A resource read as settings, or everything that is wrong with it. */
export type Read<T> = { ok: true; value: T } | { ok: false; problems: ConfigurationProblem[] }

/** The value when nothing is wrong with it. */
export function readOf<T>(value: T, problems: ConfigurationProblem[]): Read<T> {
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems }
}
