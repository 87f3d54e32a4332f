import type { Parameters } from '@medplum/fhirtypes'
import { BOOKING_REASONS, type BookingReason } from '@openward/scheduling'

/** One date of a series as the check answered it. */
export type Occurrence = {
  startsAt: string
  outcome: 'free' | BookingReason
  /** Other times in the same week, nearest first. */
  alternatives: readonly string[]
}

/** What is wanted for one date: its own time, another time that week, or nothing. */
export type Wish = { startsAt: string } | 'skip'

/** The answer of a check by `$series`. */
export function occurrencesFrom(parameters: Parameters): Occurrence[] {
  return (parameters.parameter ?? [])
    .filter(({ name }) => name === 'occurrence')
    .flatMap(({ part }): Occurrence[] => {
      const startsAt = part?.find(({ name }) => name === 'start')?.valueInstant
      const code = part?.find(({ name }) => name === 'outcome')?.valueCode
      if (startsAt === undefined) return []
      return [
        {
          startsAt,
          outcome:
            code === 'free' ? 'free' : (BOOKING_REASONS.find((reason) => reason === code) ?? 'not-bookable'),
          alternatives: (part ?? []).flatMap(({ name, valueInstant }) =>
            name === 'alternative' && valueInstant !== undefined ? [valueInstant] : [],
          ),
        },
      ]
    })
}

/** Dates that fail are skipped until the person chooses another time: nothing is booked that nobody chose. */
export function wishOf(occurrence: Occurrence, chosen: Wish | undefined): Wish {
  if (occurrence.outcome === 'free') return chosen ?? { startsAt: occurrence.startsAt }
  return chosen ?? 'skip'
}

/** The starts to book, sorted, each once. */
export function chosenStarts(
  occurrences: readonly Occurrence[],
  wishes: ReadonlyMap<string, Wish>,
): string[] {
  const starts = occurrences.flatMap((one) => {
    const wish = wishOf(one, wishes.get(one.startsAt))
    return wish === 'skip' ? [] : [wish.startsAt]
  })
  return [...new Map(starts.map((start) => [Date.parse(start), start])).values()].toSorted(
    (a, b) => Date.parse(a) - Date.parse(b),
  )
}
