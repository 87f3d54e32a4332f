import type { System } from '../system/system.ts'

/** One measured figure. `control` is what the same run measured beside it, for comparison on any machine. */
export type Figure = {
  figure: string
  value: number
  unit: string
  /** In words, e.g. `<= 100`. */
  target: string
  isReached: boolean
  control?: { what: string; value: number }
}

type BenchContext = {
  /** A system of its own with an empty record, started on first use and stopped at the end of the bench. */
  system: (options?: { withPortals?: boolean }) => Promise<System>
  /** A folder of its own, removed at the end. */
  folder: string
  log: (sentence: string) => void
  /** What the command line says after the name of the bench. */
  args: readonly string[]
  /** Prints a table beside the figures, and keeps it with them. */
  table: (title: string, rows: Record<string, string>[]) => void
}

export type Bench = {
  name: string
  what: string
  /** The one workspace that it needs built; without it, everything. */
  builds?: string
  run: (context: BenchContext) => Promise<Figure[]>
}

/** A figure that must not exceed its target. */
export function atMost(
  figure: string,
  value: number,
  limit: number,
  unit: string,
  control?: Figure['control'],
): Figure {
  return {
    figure,
    value,
    unit,
    target: `<= ${limit}`,
    isReached: value <= limit,
    ...(control ? { control } : {}),
  }
}

/** A figure that must not fall below its target. */
export function atLeast(
  figure: string,
  value: number,
  limit: number,
  unit: string,
  control?: Figure['control'],
): Figure {
  return {
    figure,
    value,
    unit,
    target: `>= ${limit}`,
    isReached: value >= limit,
    ...(control ? { control } : {}),
  }
}

/** The value below which the share `p` (0 to 1) of the samples lies. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN
}
