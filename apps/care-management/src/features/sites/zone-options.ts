import type { ComboBoxOption } from '@openward/ui/combo-box-field'
import { formatTime } from '@openward/ui/format'

/** Every IANA zone that this browser knows, with the time there now; `stored` too when the browser has dropped its name. */
export function zoneOptions(
  now: Date,
  locale: string,
  stored: string,
  say: (time: string) => string,
): ComboBoxOption[] {
  const known = Intl.supportedValuesOf('timeZone')
  const names = stored === '' || known.includes(stored) ? known : [stored, ...known]
  return names.map((id) => ({ id, label: id.replaceAll('_', ' '), hint: say(timeThere(now, locale, id)) }))
}

/** "2:30 pm", the clock at a place; empty for a zone that does not exist. */
export function timeThere(now: Date, locale: string, timeZone: string): string {
  try {
    return formatTime(now.toISOString(), { locale, timeZone })
  } catch (error) {
    if (error instanceof RangeError) return ''
    throw error
  }
}
