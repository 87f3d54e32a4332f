'use client'
import type { HealthcareService } from '@medplum/fhirtypes'
import { referencedId } from '@openward/fhir-client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { serviceRulesFrom } from '@openward/scheduling'
import { DataTable, type DataTableColumn } from '@openward/ui/data-table'
import { EmptyState } from '@openward/ui/empty-state'
import { Skeleton } from '@openward/ui/skeleton'
import { StatusTag } from '@openward/ui/status-tag'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { serviceName, useDirectoryNames } from '#/lib/use-directory-names.ts'
import { useLengthWords } from './length-words.ts'

type Service = HealthcareService & { id: string }

function ServiceState({ service }: { service: Service }) {
  const t = useTranslations('services')
  if (!serviceRulesFrom(service).ok) return <StatusTag tone="danger">{t('incomplete')}</StatusTag>
  return service.active === false ? (
    <StatusTag tone="stopped">{t('inactive')}</StatusTag>
  ) : (
    <StatusTag tone="done">{t('active')}</StatusTag>
  )
}

/** What can be booked here. */
export function ServiceList() {
  const fhir = useFhirClient()
  const t = useTranslations('services')
  const locale = useLocale()
  const length = useLengthWords()
  const nameOf = useDirectoryNames()
  const { data, error, refetch, isFetching } = useQuery(directoryQueries.services(fhir))
  if (error) return <QueryError error={error} onRetry={refetch} isRetrying={isFetching} />
  if (!data) return <Skeleton shape="row" count={8} label={t('loading')} />
  const minutesOf = (service: Service, field: 'durationMinutes' | 'leadTimeMinutes') => {
    const rules = serviceRulesFrom(service)
    return rules.ok ? length(rules.value[field]) : t('unknown')
  }
  const columns: DataTableColumn<Service>[] = [
    {
      id: 'name',
      header: t('name'),
      isRowHeader: true,
      cell: (service) => <span className="font-semibold">{serviceName(service, locale)}</span>,
    },
    { id: 'length', header: t('length'), cell: (service) => minutesOf(service, 'durationMinutes') },
    {
      id: 'lead',
      header: t('leadColumn'),
      isWideOnly: true,
      cell: (service) => minutesOf(service, 'leadTimeMinutes'),
    },
    {
      id: 'sites',
      header: t('fields.siteIds'),
      isWideOnly: true,
      cell: (service) =>
        (service.location ?? [])
          .flatMap((one) => referencedId(one, 'Location') ?? [])
          .map((id) => nameOf(`Location/${id}`))
          .filter((name) => name !== '')
          .join(', '),
    },
    { id: 'state', header: t('state'), cell: (service) => <ServiceState service={service} /> },
  ]
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      rows={data}
      rowId={(service) => service.id}
      rowHref={(service) => `/setup/services/${service.id}`}
      empty={<EmptyState title={t('emptyTitle')}>{t('emptyBody')}</EmptyState>}
    />
  )
}
