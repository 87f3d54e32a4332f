/** Below this a number could tell who is meant. */
export const SMALLEST_TOLD = 11

/** How a group's size is said: small groups are not told in numbers. */
export type GroupSize =
  | { kind: 'exact'; count: number }
  | { kind: 'few' }
  | { kind: 'none' }
  | { kind: 'unknown' }

export function groupSize(quantity: number | undefined): GroupSize {
  if (quantity === undefined || !Number.isInteger(quantity) || quantity < 0) return { kind: 'unknown' }
  if (quantity === 0) return { kind: 'none' }
  return quantity < SMALLEST_TOLD ? { kind: 'few' } : { kind: 'exact', count: quantity }
}
