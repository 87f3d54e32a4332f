import type { Extension, HealthcareService } from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client/canonical'

import { readOf } from './configuration.ts'
import type { ConfigurationProblem, Read } from './configuration.ts'

export const VISIT_MODES = ['in-person', 'video'] as const
export type VisitMode = (typeof VISIT_MODES)[number]

/** How a service is booked, as an administrator sets it. `forms` are canonical addresses of Questionnaires. */
export type ServiceRules = {
  durationMinutes: number
  bufferBeforeMinutes: number
  bufferAfterMinutes: number
  /** Openings begin every so many minutes from the start of working hours. */
  startEveryMinutes: number
  leadTimeMinutes: number
  /** Days after today, at the site, that can still be booked. */
  horizonDays: number
  cancelNoticeMinutes: number
  referralRequired: boolean
  minimumAgeYears?: number
  /** Inclusive: 17 means until the day before the eighteenth birthday. */
  maximumAgeYears?: number
  visitModes: VisitMode[]
  needsRoom: boolean
  needsInterpreter: boolean
  forms: string[]
}

type NumberField = Extract<
  { [K in keyof ServiceRules]-?: ServiceRules[K] extends number | undefined ? K : never }[keyof ServiceRules],
  string
>

/** Limits of every number, inclusive; `fallback` is what holds when the extension does not say (none: the field is required, or optional for ages). */
export const RULE_LIMITS: Readonly<Record<NumberField, { least: number; most: number; fallback?: number }>> =
  {
    durationMinutes: { least: 5, most: 720 },
    bufferBeforeMinutes: { least: 0, most: 240, fallback: 0 },
    bufferAfterMinutes: { least: 0, most: 240, fallback: 0 },
    startEveryMinutes: { least: 5, most: 720 },
    leadTimeMinutes: { least: 0, most: 129_600, fallback: 0 },
    horizonDays: { least: 1, most: 730, fallback: 90 },
    cancelNoticeMinutes: { least: 0, most: 43_200, fallback: 0 },
    minimumAgeYears: { least: 0, most: 130 },
    maximumAgeYears: { least: 0, most: 130 },
  }

const NUMBER_FIELDS = Object.keys(RULE_LIMITS) as NumberField[]
const FLAG_FIELDS = ['referralRequired', 'needsRoom', 'needsInterpreter'] as const

/** Everything that is wrong with the rules of a service; empty when they can be used. Screens check with it before they write. */
export function problemsOfRules(rules: ServiceRules): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = []
  for (const field of NUMBER_FIELDS) {
    const value = rules[field]
    const { least, most } = RULE_LIMITS[field]
    if (value === undefined) continue
    if (!Number.isInteger(value)) problems.push({ field, code: 'not-a-number' })
    else if (value < least) problems.push({ field, code: 'too-small' })
    else if (value > most) problems.push({ field, code: 'too-large' })
  }
  if (
    rules.minimumAgeYears !== undefined &&
    rules.maximumAgeYears !== undefined &&
    rules.minimumAgeYears > rules.maximumAgeYears
  ) {
    problems.push({ field: 'maximumAgeYears', code: 'age-range' })
  }
  if (rules.visitModes.length === 0) problems.push({ field: 'visitMode', code: 'missing' })
  return problems
}

function isVisitMode(code: string | undefined): code is VisitMode {
  return VISIT_MODES.some((mode) => mode === code)
}

/**
 * The `service-rules` extension of a HealthcareService. Only `durationMinutes` is required; the grid is then the duration, buffers, lead time and notice
 * are 0, the horizon is 90 days, the visit is in person. Nonsense is answered as problems, never clamped.
 */
export function serviceRulesFrom(service: HealthcareService): Read<ServiceRules> {
  const parts = service.extension?.find((one) => one.url === EXTENSION.serviceRules)?.extension ?? []
  const problems: ConfigurationProblem[] = []
  const numberOf = (field: NumberField): number | undefined => {
    const part = parts.find((one) => one.url === field)
    if (part === undefined) return RULE_LIMITS[field].fallback
    if (typeof part.valueInteger !== 'number') problems.push({ field, code: 'not-a-number' })
    return part.valueInteger
  }
  const flagOf = (field: (typeof FLAG_FIELDS)[number]): boolean =>
    parts.find((one) => one.url === field)?.valueBoolean === true
  const durationMinutes = numberOf('durationMinutes')
  if (durationMinutes === undefined) {
    if (problems.length === 0) problems.push({ field: 'durationMinutes', code: 'missing' })
    return { ok: false, problems }
  }
  const modes = parts.filter((one) => one.url === 'visitMode').map((one) => one.valueCode)
  if (!modes.every(isVisitMode)) problems.push({ field: 'visitMode', code: 'unknown-value' })
  const minimumAgeYears = numberOf('minimumAgeYears')
  const maximumAgeYears = numberOf('maximumAgeYears')
  const rules: ServiceRules = {
    durationMinutes,
    bufferBeforeMinutes: numberOf('bufferBeforeMinutes') ?? 0,
    bufferAfterMinutes: numberOf('bufferAfterMinutes') ?? 0,
    startEveryMinutes: numberOf('startEveryMinutes') ?? durationMinutes,
    leadTimeMinutes: numberOf('leadTimeMinutes') ?? 0,
    horizonDays: numberOf('horizonDays') ?? 0,
    cancelNoticeMinutes: numberOf('cancelNoticeMinutes') ?? 0,
    referralRequired: flagOf('referralRequired'),
    ...(minimumAgeYears === undefined ? {} : { minimumAgeYears }),
    ...(maximumAgeYears === undefined ? {} : { maximumAgeYears }),
    visitModes: modes.length === 0 ? ['in-person'] : [...new Set(modes.filter(isVisitMode))],
    needsRoom: flagOf('needsRoom'),
    needsInterpreter: flagOf('needsInterpreter'),
    forms: parts.flatMap((one) =>
      one.url === 'form' && one.valueCanonical !== undefined ? [one.valueCanonical] : [],
    ),
  }
  return readOf(rules, problems.length > 0 ? problems : problemsOfRules(rules))
}

/** The rules as the `service-rules` extension; check them with `problemsOfRules` first. */
export function serviceRulesExtension(rules: ServiceRules): Extension {
  const parts: Extension[] = []
  for (const url of NUMBER_FIELDS) {
    const valueInteger = rules[url]
    if (valueInteger !== undefined) parts.push({ url, valueInteger })
  }
  for (const url of FLAG_FIELDS) parts.push({ url, valueBoolean: rules[url] })
  for (const valueCode of rules.visitModes) parts.push({ url: 'visitMode', valueCode })
  for (const valueCanonical of rules.forms) parts.push({ url: 'form', valueCanonical })
  return { url: EXTENSION.serviceRules, extension: parts }
}

/** The HealthcareService with its rules replaced, everything else kept. */
export function withServiceRules(service: HealthcareService, rules: ServiceRules): HealthcareService {
  const others = (service.extension ?? []).filter((one) => one.url !== EXTENSION.serviceRules)
  return { ...service, extension: [...others, serviceRulesExtension(rules)] }
}
