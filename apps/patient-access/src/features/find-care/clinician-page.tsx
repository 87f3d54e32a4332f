'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Notice } from '@openward/ui/notice'
import { PageHeading } from '@openward/ui/page-heading'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
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
  const directory = useQuery(directoryQueries.all(fhir))
  const clinician = directory.data?.clinicians.find(({ id }) => id === clinicianId)
  const places = directory.data?.sites
    .filter(({ id }) => clinician?.siteIds.includes(id ?? ''))
    .map(({ name }) => name)
  const spoken = clinician?.languages.map(names.spoken).join(', ')
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
      {directory.isError ? (
        <QueryError error={directory.error} onRetry={directory.refetch} isRetrying={directory.isFetching} />
      ) : directory.isPending ? (
        <Skeleton shape="card" count={3} label={t('loading')} />
      ) : clinician ? (
        <ul className="grid gap-3">
          {directory.data.services
            .filter(({ id }) => clinician.serviceIds.includes(id ?? ''))
            .map((service) => (
              <li key={service.id}>
                <ServiceCard
                  service={service}
                  level={2}
                  href={`${path(`/book/${service.id ?? ''}`)}?clinician=${clinician.id}` as Route}
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
