/** Repeatable random numbers: the same key always gives the same sequence, whatever else was drawn before. */
export type Random = {
  /** A number in [0, 1). */
  next: () => number
  /** A whole number, both ends included. */
  int: (min: number, max: number) => number
  chance: (probability: number) => boolean
  pick: <T>(list: readonly T[]) => T
}

const FNV_OFFSET = 2_166_136_261
const FNV_PRIME = 16_777_619

function hash(text: string): number {
  let value = FNV_OFFSET
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), FNV_PRIME)
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/** mulberry32, seeded by a hash of the key. */
export function randomFor(...key: readonly (string | number)[]): Random {
  let state = hash(key.join('|'))
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  function pick<T>(list: readonly T[]): T {
    const chosen = list[Math.floor(next() * list.length)]
    if (chosen === undefined) throw new Error('Cannot pick from an empty list')
    return chosen
  }
  return {
    next,
    pick,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
  }
}

/** A version 4 shaped uuid that depends on the key only. */
export function uuidFor(...key: readonly (string | number)[]): string {
  const random = randomFor('uuid', ...key)
  const hex = Array.from({ length: 32 }, () => random.int(0, 15).toString(16))
  hex[12] = '4'
  hex[16] = (8 + random.int(0, 3)).toString(16)
  const text = hex.join('')
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    '-',
  )
}
