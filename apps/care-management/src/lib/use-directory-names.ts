'use client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { formatPersonName } from '@openward/ui/person-name'
import { useQuery } from '@tanstack/react-query'
import { useLocale } from 'next-intl'
import { useMemo } from 'react'
import { directoryQueries } from './directory.queries.ts'
import { spanishOf, type WordedService } from './translated.ts'

/** What a service is called in the reader's language. */
export function serviceName(service: WordedService, locale: string): string {
  return (locale === 'es' ? spanishOf(service._name) : '') || (service.name ?? '')
}

/** Names of services, sites and clinicians by their reference; empty while they load or when unknown. */
export function useDirectoryNames(): (reference: string | undefined) => string {
  const fhir = useFhirClient()
  const locale = useLocale()
  const services = useQuery(directoryQueries.services(fhir)).data
  const places = useQuery(directoryQueries.places(fhir)).data
  const staff = useQuery(directoryQueries.staff(fhir)).data
  const names = useMemo(
    () =>
      new Map<string, string>([
        ...(services ?? []).map((one) => [`HealthcareService/${one.id}`, serviceName(one, locale)] as const),
        ...(places?.sites ?? []).map((one) => [`Location/${one.id}`, one.name ?? ''] as const),
        ...(staff?.people ?? []).map(
          (one) =>
            [`Practitioner/${one.id}`, formatPersonName(one.name, { locale, withPrefix: true })] as const,
        ),
      ]),
    [services, places, staff, locale],
  )
  return (reference) => names.get(reference ?? '') ?? ''
}
