import type { Appointment } from '@medplum/fhirtypes'
import type { FhirClient, Versioned } from '@openward/fhir-client'
import { queryOptions } from '@tanstack/react-query'

/** Whose time is to be closed, and when: instants, the end excluded. */
export type ClosedSpan = {
  actor: `Location/${string}` | `Practitioner/${string}`
  startsAt: string
  endsAt: string
}

const DAY_MS = 86_400_000
const MOST = 200
const WILL_HAPPEN = 'booked,arrived,checked-in'

/** Visits that share time with a span, by start; touching its edge does not count. */
export function affectedBy(
  span: Pick<ClosedSpan, 'startsAt' | 'endsAt'>,
  visits: readonly Appointment[],
): Appointment[] {
  const startMs = Date.parse(span.startsAt)
  const endMs = Date.parse(span.endsAt)
  return visits
    .filter(({ start, end }) => {
      const from = Date.parse(start ?? '')
      return from < endMs && Date.parse(end ?? start ?? '') > startMs
    })
    .toSorted((a, b) => Date.parse(a.start ?? '') - Date.parse(b.start ?? ''))
}

export type AffectedVisits = { visits: Versioned<Appointment>[]; hasMore: boolean }

export const affectedVisitsQueries = {
  during: (fhir: FhirClient, span: ClosedSpan) =>
    queryOptions({
      queryKey: ['affected-visits', span],
      staleTime: 0,
      queryFn: async ({ signal }): Promise<AffectedVisits> => {
        // a visit that began before may still be going on
        const from = new Date(Date.parse(span.startsAt) - DAY_MS).toISOString()
        const actor = span.actor.startsWith('Location/')
          ? { location: span.actor }
          : { practitioner: span.actor }
        const page = await fhir.search(
          'Appointment',
          {
            ...actor,
            status: WILL_HAPPEN,
            date: [`ge${from}`, `lt${new Date(span.endsAt).toISOString()}`],
            _sort: 'date',
            _count: MOST,
          },
          { signal },
        )
        return {
          visits: affectedBy(span, page.resources) as Versioned<Appointment>[],
          hasMore: page.next !== undefined,
        }
      },
    }),
}
