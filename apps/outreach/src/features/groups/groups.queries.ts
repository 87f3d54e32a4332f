import type { FhirClient } from '@openward/fhir-client'
import { infiniteQueryOptions } from '@tanstack/react-query'

const PER_PAGE = 50

export const groupQueries = {
  /** Groups of people without their members: the list needs how many, not who. */
  list: (fhir: FhirClient) =>
    infiniteQueryOptions({
      queryKey: ['groups'],
      staleTime: 0,
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page: { next: string | undefined }) => page.next,
      queryFn: ({ signal, pageParam }) =>
        pageParam === undefined
          ? fhir.search(
              'Group',
              { type: 'person', _elements: 'name,quantity,active,actual,type', _count: PER_PAGE },
              { signal },
            )
          : fhir.page('Group', pageParam, { signal }),
    }),
}
