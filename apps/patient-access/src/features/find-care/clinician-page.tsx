'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Notice } from '@openward/ui/notice'
import { PageHeading } from '@openward/ui/page-heading'
import { Skeleton } from '@openward/ui/skeleton'
import { useQueries } from '@tanstack/react-query'
import type { Route } from 'next'
import { useTranslations } from 'next-intl'

import { directoryQueries } from '#/lib/directory.queries.ts'
import { usePersonPath } from '#/lib/person-context.tsx'
import { useNames } from '#/lib/use-names.ts'

import { Initials } from './initials.tsx'
import { ServiceCard } from './service-card.tsx'

/** One clinician and what can be booked with them. */
export function ClinicianPage({ clinicianId }: { clinicianId: string }) {
  const t = useTranslations('findCare')
  const fhir = useFhirClient()
  const names = useNames()
  const path = usePersonPath()
  const [clinicians, services, sites] = useQueries({
    queries: [
      directoryQueries.clinicians(fhir),
      directoryQueries.services(fhir),
      directoryQueries.sites(fhir),
    ],
  })
  const failed = [clinicians, services, sites].find(({ isError }) => isError)
  const clinician = clinicians.data?.find(({ id }) => id === clinicianId)
  const isLoaded = clinicians.data && services.data && sites.data
  const places = sites.data?.filter(({ id }) => clinician?.siteIds.includes(id ?? '')).map(({ name }) => name)
  const spoken = clinician?.languages.map(names.language).join(', ')
  return (
    <div className="max-w-column">
      <PageHeading
        focusKey={clinician ? 'known' : 'unknown'}
        lead={
          clinician &&
          [places?.join(', '), spoken && t('speaks', { languages: spoken })].filter(Boolean).join(' · ')
        }
      >
        {clinician ? (
          <span className="flex items-center gap-3">
            <Initials name={clinician.practitioner.name} />
            <bdi dir="auto">{names.clinician(clinician.practitioner)}</bdi>
          </span>
        ) : (
          t('clinician')
        )}
      </PageHeading>
      {failed ? (
        <QueryError error={failed.error} onRetry={failed.refetch} isRetrying={failed.isFetching} />
      ) : !isLoaded ? (
        <Skeleton shape="card" count={3} label={t('loading')} />
      ) : clinician ? (
        <ul className="grid gap-3">
          {services.data
            .filter(({ id }) => clinician.serviceIds.includes(id))
            .map((service) => (
              <li key={service.id}>
                <ServiceCard
                  service={service}
                  level={2}
                  href={`${path(`/book/${service.id}`)}?clinician=${clinician.id}` as Route}
                />
              </li>
            ))}
        </ul>
      ) : (
        <Notice tone="attention" title={t('noClinician')} />
      )}
    </div>
  )
}
