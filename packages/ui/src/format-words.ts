export type FormatZone = {
  /** BCP 47; English and Spanish have their own forms, anything else reads as English. */
  locale: string
  /** IANA zone of the place. */
  timeZone: string
}

export const NOT_RECORDED = { en: 'Not recorded', es: 'No consta' } as const

export function isSpanish(locale: string): boolean {
  return /^es\b/i.test(locale)
}

export function parseInstant(text: string): Date | undefined {
  const milliseconds = Date.parse(text)
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds)
}

type DayOrder = (
  weekday: string,
  dayOfMonth: string,
  month: string,
  style: 'short' | 'long',
  year: string | undefined,
) => string

/** How the parts of a day stand together in each language. */
export const DAY_FIRST: Record<'en' | 'es', DayOrder> = {
  en: (weekday, dayOfMonth, month, _style, year) =>
    `${weekday} ${dayOfMonth} ${month}${year ? ` ${year}` : ''}`,
  es: (weekday, dayOfMonth, month, style, year) =>
    style === 'long'
      ? `${weekday}, ${dayOfMonth} de ${month}${year ? ` de ${year}` : ''}`
      : `${weekday}, ${dayOfMonth} ${month}${year ? ` ${year}` : ''}`,
}

const SPANISH_CITIES: Record<string, string> = {
  'America/New_York': 'Nueva York',
  'America/Mexico_City': 'Ciudad de México',
  'America/Havana': 'La Habana',
  'America/Panama': 'Panamá',
  'America/Bogota': 'Bogotá',
  'Pacific/Honolulu': 'Honolulú',
  'Europe/London': 'Londres',
}

/** The city a zone is named after, in the reader's language where it differs. */
export function zoneCity(timeZone: string, locale: string): string {
  if (isSpanish(locale) && SPANISH_CITIES[timeZone]) return SPANISH_CITIES[timeZone]
  const city = timeZone.split('/').at(-1) ?? timeZone
  return city.replaceAll('_', ' ')
}
