import { type FhirClient, FhirResponseError, type SearchQuery } from '@openward/fhir-client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { byReference, type Visit, visitFrom } from './visit.ts'

export type VisitPage = { visits: Visit[]; next: string | undefined }
type Query = SearchQuery<'Appointment', 'Appointment:actor'>

const PAGE = 10
const DAY_MS = 86_400_000
const LIVE = 'booked,pending,proposed,waitlist,arrived,checked-in'
const TAKEN_PLACE = 'booked,arrived,checked-in,fulfilled,noshow'

async function searchVisits(fhir: FhirClient, query: Query, signal: AbortSignal): Promise<VisitPage> {
  const page = await fhir.search('Appointment', { ...query, _include: ['Appointment:actor'] }, { signal })
  const known = byReference(page.included)
  return { visits: page.resources.map((one) => visitFrom(one, known)), next: page.next }
}

async function nextVisits(fhir: FhirClient, next: string, signal: AbortSignal): Promise<VisitPage> {
  const page = await fhir.page('Appointment', next, { signal })
  const known = byReference(page.included)
  return { visits: page.resources.map((one) => visitFrom(one, known)), next: page.next }
}

function notFound(): FhirResponseError {
  return new FhirResponseError('not-found', { method: 'GET', resourceType: 'Appointment', status: 404 })
}

/** Visits of one person. Every key starts with the person, and is dropped when the screen turns to another one. */
export const visitQueries = {
  ofPerson: (patientId: string) => ['patient', patientId, 'visits'] as const,

  /** Everything that is ahead or running, holds included, soonest first. */
  coming: (fhir: FhirClient, patientId: string) =>
    queryOptions({
      queryKey: ['patient', patientId, 'visits', 'coming'],
      queryFn: async ({ signal }) => {
        const now = Date.now()
        const since = new Date(now - DAY_MS).toISOString()
        const { visits } = await searchVisits(
          fhir,
          { patient: `Patient/${patientId}`, date: `ge${since}`, status: LIVE, _sort: 'date', _count: 100 },
          signal,
        )
        return visits.filter(({ endsAt }) => Date.parse(endsAt) > now)
      },
    }),

  past: (fhir: FhirClient, patientId: string) =>
    infiniteQueryOptions({
      queryKey: ['patient', patientId, 'visits', 'past'],
      initialPageParam: '',
      queryFn: ({ signal, pageParam }) =>
        pageParam === ''
          ? searchVisits(
              fhir,
              {
                patient: `Patient/${patientId}`,
                date: `lt${new Date().toISOString()}`,
                status: TAKEN_PLACE,
                _sort: '-date',
                _count: PAGE,
              },
              signal,
            )
          : nextVisits(fhir, pageParam, signal),
      getNextPageParam: ({ next }) => next,
    }),

  cancelled: (fhir: FhirClient, patientId: string) =>
    infiniteQueryOptions({
      queryKey: ['patient', patientId, 'visits', 'cancelled'],
      initialPageParam: '',
      queryFn: ({ signal, pageParam }) =>
        pageParam === ''
          ? searchVisits(
              fhir,
              { patient: `Patient/${patientId}`, status: 'cancelled', _sort: '-date', _count: PAGE },
              signal,
            )
          : nextVisits(fhir, pageParam, signal),
      getNextPageParam: ({ next }) => next,
    }),

  /** One visit, as it is stored now. `not-found` also when it belongs to somebody else than this person. */
  one: (fhir: FhirClient, patientId: string, visitId: string) =>
    queryOptions({
      queryKey: ['patient', patientId, 'visits', 'one', visitId],
      queryFn: async ({ signal }) => {
        const { visits } = await searchVisits(fhir, { _id: visitId, patient: `Patient/${patientId}` }, signal)
        const [visit] = visits
        if (!visit) throw notFound()
        return visit
      },
    }),
}
