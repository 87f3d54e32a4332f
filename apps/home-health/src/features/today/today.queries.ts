import type { Appointment, Parameters, Patient, Practitioner } from '@medplum/fhirtypes'
import { type FhirClient, SYSTEM, type Versioned } from '@openward/fhir-client'
import { queryOptions } from '@tanstack/react-query'

/** One's own visits, or those of everybody. */
export type Whose = 'mine' | 'everybody'

export type TodayAnswer = {
  visits: Versioned<Appointment>[]
  patients: Map<string, Patient>
  clinicians: Map<string, Practitioner>
  /** The moment it was asked: today and tomorrow depend on it. */
  now: string
}

const DAY_MS = 86_400_000
const HOME_VISIT = `${SYSTEM.serviceType}|home-visit`

function callerIn(answer: Parameters): string {
  return answer.parameter?.find(({ name }) => name === 'caller')?.valueReference?.reference ?? ''
}

export const todayQueries = {
  visits: (fhir: FhirClient, whose: Whose) =>
    queryOptions({
      queryKey: ['today', whose],
      staleTime: 0,
      refetchInterval: 60_000,
      queryFn: async ({ signal }): Promise<TodayAnswer> => {
        const who =
          whose === 'mine'
            ? await fhir.operation<Parameters>({ name: '$whoami', query: {}, signal })
            : undefined
        const own = who ? { practitioner: callerIn(who) } : {}
        const now = new Date()
        // holds today and tomorrow in every zone; what is another day at its site is left out afterwards
        const from = new Date(now.getTime() - DAY_MS).toISOString()
        const until = new Date(now.getTime() + 2 * DAY_MS).toISOString()
        const answer: TodayAnswer = {
          visits: [],
          patients: new Map(),
          clinicians: new Map(),
          now: now.toISOString(),
        }
        const query = {
          ...own,
          'service-type': HOME_VISIT,
          date: [`ge${from}`, `lt${until}`],
          _include: ['Appointment:patient', 'Appointment:practitioner'] as const,
          _sort: 'date',
          _count: 200,
        }
        for await (const page of fhir.pages('Appointment', query, { signal })) {
          answer.visits.push(...page.resources)
          for (const one of page.included) {
            if (one.resourceType === 'Patient') answer.patients.set(one.id, one)
            else if (one.resourceType === 'Practitioner') answer.clinicians.set(one.id, one)
          }
        }
        return answer
      },
    }),
}
