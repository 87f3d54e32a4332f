import { type Scope, shiftedAlike } from '@openward/scheduling'

import type { Visit } from '#/lib/visit.ts'

export type SeriesMove = {
  visit: Visit
  /** The new start in epoch milliseconds; undefined when the clock at the site skips it that day. */
  toMs: number | undefined
}

/** The visits of the same series that are still to come, by start, the moved one among them. */
export function comingOfSeries(original: Visit, coming: readonly Visit[], now: number): Visit[] {
  if (original.seriesId === undefined) return [original]
  const others = coming.filter(
    (one) =>
      one.seriesId === original.seriesId &&
      one.id !== original.id &&
      one.status !== 'arrived' &&
      Date.parse(one.startsAt) > now,
  )
  return [original, ...others].toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
}

/** Where each visit would go: as many days on, and as much later or earlier by the clock of its site, as the moved one. */
export function seriesMoves(
  original: Visit,
  series: readonly Visit[],
  scope: Scope,
  newStart: string,
): SeriesMove[] {
  const fromMs = Date.parse(original.startsAt)
  const toMs = Date.parse(newStart)
  return series
    .filter(
      (one) =>
        one.id === original.id ||
        scope === 'all' ||
        (scope === 'following' && Date.parse(one.startsAt) >= fromMs),
    )
    .map((visit) => ({
      visit,
      toMs:
        visit.id === original.id
          ? toMs
          : shiftedAlike(Date.parse(visit.startsAt), { fromMs, toMs }, visit.timeZone),
    }))
}
