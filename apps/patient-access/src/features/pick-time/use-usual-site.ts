'use client'
import type { Location, Patient } from '@medplum/fhirtypes'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { useQuery } from '@tanstack/react-query'

import { patientQueries } from '#/lib/patient.queries.ts'
import { usePerson } from '#/lib/person-context.tsx'
import type { Visit } from '#/lib/visit.ts'
import { visitQueries } from '#/lib/visits.queries.ts'

/** The clinic nearest to a home address, as far as town and state tell; undefined when they do not. */
function siteNear(patient: Patient | undefined, sites: readonly Location[]): string | undefined {
  const home = patient?.address?.find(({ use }) => use === 'home') ?? patient?.address?.[0]
  if (!home) return undefined
  const inState = sites.filter(
    ({ address }) => address?.state === home.state && address?.country === home.country,
  )
  const inTown = inState.find(({ address }) => address?.city === home.city)
  return (inTown ?? inState[0])?.id
}

/** The clinic of the visit that is moved, else of the next visit. */
function siteOfVisits(
  visits: readonly Visit[],
  sites: readonly Location[],
  movesId: string | undefined,
): string | undefined {
  const visit = visits.find(({ id }) => id === movesId) ?? visits[0]
  return sites.some(({ id }) => id === visit?.siteId) ? visit?.siteId : undefined
}

/** The clinic a person is likely to want, so that nobody is offered a time in another town first. */
export function useUsualSite(sites: readonly Location[], movesId: string | undefined) {
  const fhir = useFhirClient()
  const { person } = usePerson()
  const hasChoice = sites.length > 1
  const coming = useQuery({ ...visitQueries.coming(fhir, person.patientId), enabled: hasChoice })
  const fromVisits = coming.data && siteOfVisits(coming.data, sites, movesId)
  const patient = useQuery({
    ...patientQueries.one(fhir, person.patientId),
    enabled: hasChoice && coming.isSuccess && fromVisits === undefined,
  })
  if (!hasChoice) return { isPending: false, siteId: undefined }
  const isPending = coming.isPending || (coming.isSuccess && fromVisits === undefined && patient.isPending)
  return { isPending, siteId: fromVisits ?? siteNear(patient.data, sites) }
}
