export const DURATION_UNITS = ['minutes', 'hours', 'days'] as const
export type DurationUnit = (typeof DURATION_UNITS)[number]

export const MINUTES_PER: Readonly<Record<DurationUnit, number>> = { minutes: 1, hours: 60, days: 1440 }

/** The largest unit in which a length is a whole number; a preferred one when it fits, or when there is nothing to say. */
export function unitOf(minutes: number, preferred?: DurationUnit): DurationUnit {
  const fits = (unit: DurationUnit) => minutes % MINUTES_PER[unit] === 0
  if (preferred !== undefined && (Number.isNaN(minutes) || fits(preferred))) return preferred
  if (minutes === 0 || Number.isNaN(minutes)) return preferred ?? 'hours'
  return (['days', 'hours'] as const).find(fits) ?? 'minutes'
}
