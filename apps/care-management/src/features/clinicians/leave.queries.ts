import type { Schedule, Slot } from '@medplum/fhirtypes'
import type { FhirClient, Versioned } from '@openward/fhir-client'
import { queryOptions } from '@tanstack/react-query'

export type Leave = { calendar: Versioned<Schedule> | undefined; slots: Versioned<Slot>[] }

const HALF_YEAR_MS = 183 * 86_400_000

/** The id under which a clinician's calendar is made on first need (docs/architecture.md). */
export function calendarId(practitionerId: string): string {
  return `calendar-practitioner-${practitionerId}`
}

export const leaveQueries = {
  of: (fhir: FhirClient, practitionerId: string) =>
    queryOptions({
      queryKey: ['leave', practitionerId],
      staleTime: 0,
      queryFn: async ({ signal }): Promise<Leave> => {
        const actor = `Practitioner/${practitionerId}`
        const calendars = await fhir.searchAll('Schedule', { actor }, { signal })
        const calendar = calendars.find(({ id }) => id === calendarId(practitionerId)) ?? calendars[0]
        if (!calendar) return { calendar: undefined, slots: [] }
        // leave that began some time ago may still go on
        const since = new Date(Date.now() - HALF_YEAR_MS).toISOString()
        const slots = await fhir.searchAll(
          'Slot',
          {
            schedule: calendars.map(({ id }) => `Schedule/${id}`).join(','),
            status: 'busy-unavailable',
            start: `ge${since}`,
            _sort: 'start',
            _count: 200,
          },
          { signal },
        )
        return { calendar, slots: slots.filter(({ end }) => Date.parse(end) > Date.now()) }
      },
    }),
}
