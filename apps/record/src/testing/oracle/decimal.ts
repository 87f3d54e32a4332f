/** A decimal as it is written: `digits` × 10^`exponent`. */
export interface Decimal {
  digits: bigint
  exponent: number
}

export function decimalOf(text: string): Decimal {
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] =
    /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  return {
    digits: BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`),
    exponent: Number(exponent) - fraction.length,
  }
}

export function compare(a: Decimal, b: Decimal): number {
  const exponent = Math.min(a.exponent, b.exponent)
  const difference = scaled(a, exponent) - scaled(b, exponent)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function scaled({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to)
}

/** A value from `low` to `high`; an end that is not given is open. */
export interface Extent {
  low: Decimal | undefined
  high: Decimal | undefined
}

/**
 * Decisions where the standard leaves room: the implicit range of a number is half of its last digit (so 1e2 is 50 up
 * to 150 and 1.00e2 is 99.5 up to 100.5), `ap` is a tenth of the number and at least that half digit.
 */
export function matchesExtent(prefix: string, asked: Decimal, { low, high }: Extent): boolean {
  const finer = asked.exponent - 1
  const about = (tenths: bigint): Decimal => ({ digits: asked.digits * 10n + tenths, exponent: finer })
  const isInside = (one: Decimal | undefined) =>
    one !== undefined && compare(one, about(-5n)) >= 0 && compare(one, about(5n)) < 0
  const isEqual = isInside(low) && isInside(high)
  const reaches = (to: Decimal, isStrict: boolean) =>
    high === undefined || compare(high, to) >= (isStrict ? 1 : 0)
  const descends = (to: Decimal, isStrict: boolean) =>
    low === undefined || compare(low, to) <= (isStrict ? -1 : 0)
  switch (prefix) {
    case 'ne':
      return !isEqual
    case 'gt':
      return reaches(asked, true)
    case 'lt':
      return descends(asked, true)
    case 'ge':
      return reaches(asked, false)
    case 'le':
      return descends(asked, false)
    case 'sa':
      return low !== undefined && compare(low, asked) > 0
    case 'eb':
      return high !== undefined && compare(high, asked) < 0
    case 'ap': {
      const tenth = asked.digits < 0n ? -asked.digits : asked.digits
      const slack = tenth > 5n ? tenth : 5n
      return descends(about(slack), false) && reaches(about(-slack), false)
    }
    default:
      return isEqual
  }
}
