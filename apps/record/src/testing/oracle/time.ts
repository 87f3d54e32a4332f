import type { TypedValue } from '@medplum/core'

/** First and last moment that a value covers, in milliseconds; both belong to it. */
export interface Span {
  from: number
  to: number
}

export const FAR = 8_640_000_000_000_000

/**
 * Decisions where the standard leaves room: moments are compared to the millisecond (what is finer is cut off), a time
 * with seconds is one moment, and a time without an offset is UTC.
 */
export function spanOf(text: string): Span | undefined {
  const [date = '', time] = text.split('T')
  const [year = '', month, day] = date.split('-')
  if (!/^\d{4}$/.test(year)) return undefined
  const numbers = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1)] as const
  if (time === undefined) {
    const from = utc(...numbers)
    if (day !== undefined) return { from, to: from + 86_400_000 - 1 }
    const to = month !== undefined ? utc(numbers[0], numbers[1] + 1, 1) : utc(numbers[0] + 1, 0, 1)
    return { from, to: to - 1 }
  }
  const [, clock = '', sign, hours, minutes] = /^([\d:.]+)(?:Z|([+-])(\d\d):(\d\d))?$/.exec(time) ?? []
  const [hour, minute, second] = clock.split(':')
  const [whole = '0', fraction = ''] = (second ?? '0').split('.')
  const offset = sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes))
  const minuteOfDay = Number(hour) * 60 + Number(minute) - offset
  const ms = Number(whole) * 1000 + Number(`${fraction}000`.slice(0, 3))
  const from = utc(...numbers) + minuteOfDay * 60_000 + ms
  return { from, to: second === undefined ? from + 59_999 : from }
}

function utc(year: number, month: number, day: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month, day)
  return date.getTime()
}

interface Times {
  start?: string
  end?: string
  event?: string[]
  repeat?: { boundsPeriod?: Times }
}

/** date, dateTime, instant, Period and Timing; undefined when nothing in it can be placed in time, as of words and ages. */
export function spanOfValue({ type, value }: TypedValue): Span | undefined {
  if (typeof value === 'string') return type === 'string' ? undefined : spanOf(value)
  return spanOfTimes(value)
}

function spanOfTimes(value: Times): Span | undefined {
  const { start, end, event, repeat } = value
  const inside: (Span | undefined)[] = (event ?? []).map(spanOf)
  if (repeat?.boundsPeriod !== undefined) inside.push(spanOfTimes(repeat.boundsPeriod))
  const known = inside.filter((span) => span !== undefined)
  if (known.length > 0)
    return {
      from: Math.min(...known.map((span) => span.from)),
      to: Math.max(...known.map((span) => span.to)),
    }
  if (start === undefined && end === undefined) return undefined
  return {
    from: start === undefined ? -FAR : (spanOf(start)?.from ?? Number.NaN),
    to: end === undefined ? FAR : (spanOf(end)?.to ?? Number.NaN),
  }
}

/**
 * The table of prefixes in https://hl7.org/fhir/R4/search.html#prefix. Its "range above the value" is "the specified value
 * and up": `ge` takes what reaches into the value or beyond it, `gt` what reaches beyond it.
 */
export function matchesSpan(prefix: string, asked: Span, target: Span): boolean {
  const isContained = target.from >= asked.from && target.to <= asked.to
  switch (prefix) {
    case 'ne':
      return !isContained
    case 'gt':
      return target.to > asked.to
    case 'lt':
      return target.from < asked.from
    case 'ge':
      return target.to >= asked.from
    case 'le':
      return target.from <= asked.to
    case 'sa':
      return target.from > asked.to
    case 'eb':
      return target.to < asked.from
    case 'ap': {
      const slack = Math.abs(Date.now() - asked.from) / 10
      return target.from <= asked.to + slack && target.to >= asked.from - slack
    }
    default:
      return isContained
  }
}
