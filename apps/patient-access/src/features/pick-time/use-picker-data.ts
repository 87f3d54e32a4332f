'use client'
import type { HealthcareService, Location } from '@medplum/fhirtypes'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { serviceRulesFrom } from '@openward/scheduling'
import { useQueries } from '@tanstack/react-query'

import { type Clinician, directoryQueries, siteIdsOf } from '#/lib/directory.queries.ts'
import { siteZone } from '#/lib/visit.ts'

export type PickerData = {
  service: HealthcareService
  sites: Location[]
  clinicians: Clinician[]
  zones: string[]
  modes: readonly ('in-person' | 'video')[]
  needsInterpreter: boolean
  durationMinutes: number | undefined
  horizonDays: number
  interpreterLanguages: string[]
  phone: string | undefined
}

const FALLBACK_HORIZON_DAYS = 90

function sitesOf(service: HealthcareService, all: readonly Location[]): Location[] {
  const offered = siteIdsOf(service)
  return offered.length === 0 ? [...all] : all.filter(({ id }) => offered.includes(id ?? ''))
}

/** What the picker needs to know about a service: where, with whom and by which rules. */
export function usePickerData(serviceId: string) {
  const fhir = useFhirClient()
  const [services, sites, clinicians, clinic, interpreters] = useQueries({
    queries: [
      directoryQueries.services(fhir),
      directoryQueries.sites(fhir),
      directoryQueries.clinicians(fhir),
      directoryQueries.clinic(fhir),
      directoryQueries.interpreterLanguages(fhir),
    ],
  })
  const failed = [services, sites, clinicians].find(({ isError }) => isError)
  const isPending = !failed && (!services.data || !sites.data || !clinicians.data)
  const service = services.data?.find(({ id }) => id === serviceId)
  if (!service || !sites.data || !clinicians.data) return { failed, isPending, data: undefined }
  const rules = serviceRulesFrom(service)
  const offeredAt = sitesOf(service, sites.data)
  const needsInterpreter = rules.ok && rules.value.needsInterpreter
  const data: PickerData = {
    service,
    sites: offeredAt,
    clinicians: clinicians.data.filter(({ serviceIds }) => serviceIds.includes(serviceId)),
    zones: [...new Set(offeredAt.map(siteZone).filter((zone) => zone !== undefined))],
    modes: rules.ok ? rules.value.visitModes : [],
    needsInterpreter,
    durationMinutes: rules.ok ? rules.value.durationMinutes : undefined,
    horizonDays: rules.ok ? rules.value.horizonDays : FALLBACK_HORIZON_DAYS,
    interpreterLanguages: interpreters.data ?? [],
    phone: clinic.data?.phone,
  }
  return { failed, isPending, data }
}
