import type { Appointment, Resource } from '@medplum/fhirtypes'
import { type FhirClient, FhirResponseError, type SearchPage, type Versioned } from '@openward/fhir-client'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { byReference, type Visit, visitFrom } from './visit.ts'

export type VisitPage = { visits: Visit[]; next: string | undefined }
type Page = SearchPage<Versioned<Appointment>, Resource>

const PAGE = 10
const MOST_COMING = 100
const DAY_MS = 86_400_000
const LIVE = 'booked,pending,proposed,waitlist,arrived,checked-in'
const TAKEN_PLACE = 'booked,arrived,checked-in,fulfilled,noshow'

/** Every search asks for the people and places too, so that a screen needs one call. */
const ACTORS = ['Appointment:actor'] as const

function pageOf(page: Page): VisitPage {
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
        const query = {
          patient: `Patient/${patientId}`,
          date: `ge${new Date(now - DAY_MS).toISOString()}`,
          status: LIVE,
          _sort: 'date',
          _count: MOST_COMING,
          _include: ACTORS,
        }
        const { visits } = pageOf(await fhir.search('Appointment', query, { signal }))
        return visits.filter(({ endsAt }) => Date.parse(endsAt) > now)
      },
    }),

  past: (fhir: FhirClient, patientId: string) =>
    infiniteQueryOptions({
      queryKey: ['patient', patientId, 'visits', 'past'],
      initialPageParam: '',
      queryFn: async ({ signal, pageParam }) => {
        if (pageParam !== '') return pageOf(await fhir.page('Appointment', pageParam, { signal }))
        const query = {
          patient: `Patient/${patientId}`,
          date: `lt${new Date().toISOString()}`,
          status: TAKEN_PLACE,
          _sort: '-date',
          _count: PAGE,
          _include: ACTORS,
        }
        return pageOf(await fhir.search('Appointment', query, { signal }))
      },
      getNextPageParam: ({ next }) => next,
    }),

  cancelled: (fhir: FhirClient, patientId: string) =>
    infiniteQueryOptions({
      queryKey: ['patient', patientId, 'visits', 'cancelled'],
      initialPageParam: '',
      queryFn: async ({ signal, pageParam }) => {
        if (pageParam !== '') return pageOf(await fhir.page('Appointment', pageParam, { signal }))
        const query = {
          patient: `Patient/${patientId}`,
          status: 'cancelled',
          _sort: '-date',
          _count: PAGE,
          _include: ACTORS,
        }
        return pageOf(await fhir.search('Appointment', query, { signal }))
      },
      getNextPageParam: ({ next }) => next,
    }),

  /** One visit, as it is stored now. `not-found` also when it belongs to somebody else than this person. */
  one: (fhir: FhirClient, patientId: string, visitId: string) =>
    queryOptions({
      queryKey: ['patient', patientId, 'visits', 'one', visitId],
      queryFn: async ({ signal }) => {
        const query = { _id: visitId, patient: `Patient/${patientId}`, _include: ACTORS }
        const [visit] = pageOf(await fhir.search('Appointment', query, { signal })).visits
        if (!visit) throw notFound()
        return visit
      },
    }),
}
