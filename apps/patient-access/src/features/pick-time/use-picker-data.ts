'use client'
import type { HealthcareService, Location } from '@medplum/fhirtypes'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { serviceRulesFrom } from '@openward/scheduling'
import { useQuery } from '@tanstack/react-query'

import { type Clinician, directoryQueries, siteIdsOf } from '#/lib/directory.queries.ts'
import { siteZone } from '#/lib/visit.ts'

export type PickerData = {
  service: HealthcareService
  sites: Location[]
  clinicians: Clinician[]
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
  const directory = useQuery(directoryQueries.all(fhir))
  const service = directory.data?.services.find(({ id }) => id === serviceId)
  if (!service || !directory.data) return { directory, data: undefined }
  const rules = serviceRulesFrom(service)
  const sites = sitesOf(service, directory.data.sites)
  const data: PickerData = {
    service,
    sites,
    clinicians: directory.data.clinicians.filter(({ serviceIds }) => serviceIds.includes(serviceId)),
    modes: rules.ok ? rules.value.visitModes : [],
    needsInterpreter: rules.ok && rules.value.needsInterpreter,
    durationMinutes: rules.ok ? rules.value.durationMinutes : undefined,
    horizonDays: rules.ok ? rules.value.horizonDays : FALLBACK_HORIZON_DAYS,
    interpreterLanguages: directory.data.interpreterLanguages,
    phone: directory.data.clinic.phone,
  }
  return { directory, data }
}

/** Zones of the clinics asked about. */
export function zonesOf(sites: readonly Location[], siteId: string | undefined): string[] {
  const wanted = siteId === undefined ? sites : sites.filter(({ id }) => id === siteId)
  return [...new Set(wanted.map(siteZone).filter((zone) => zone !== undefined))]
}
