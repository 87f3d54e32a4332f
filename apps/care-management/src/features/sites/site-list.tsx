'use client'
import type { Location } from '@medplum/fhirtypes'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { siteFrom } from '@openward/scheduling'
import { DataTable, type DataTableColumn } from '@openward/ui/data-table'
import { EmptyState } from '@openward/ui/empty-state'
import { formatZone } from '@openward/ui/format'
import { Skeleton } from '@openward/ui/skeleton'
import { StatusTag } from '@openward/ui/status-tag'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { useClosureWords } from './closure-words.ts'
import { readableSite, timeZoneOf } from './site-values.ts'
import { useMinute } from './use-minute.ts'
import { timeThere } from './zone-options.ts'

type Site = Location & { id: string }

function SiteState({ site }: { site: Site }) {
  const t = useTranslations('sites')
  if (!siteFrom(site).ok) return <StatusTag tone="danger">{t('incomplete')}</StatusTag>
  return site.status === 'inactive' ? (
    <StatusTag tone="stopped">{t('inactive')}</StatusTag>
  ) : (
    <StatusTag tone="done">{t('active')}</StatusTag>
  )
}

/** All sites of the organisation, with the time there now and what closes them next. */
export function SiteList() {
  const fhir = useFhirClient()
  const t = useTranslations('sites')
  const locale = useLocale()
  const now = useMinute()
  const nextClosure = useClosureWords()
  const { data, error, refetch, isFetching } = useQuery(directoryQueries.places(fhir))
  if (error) return <QueryError error={error} onRetry={refetch} isRetrying={isFetching} />
  if (!data) return <Skeleton shape="row" count={4} label={t('loading')} />
  const columns: DataTableColumn<Site>[] = [
    {
      id: 'name',
      header: t('name'),
      isRowHeader: true,
      cell: (site) => <span className="font-semibold">{site.name}</span>,
    },
    { id: 'city', header: t('city'), isWideOnly: true, cell: (site) => site.address?.city ?? '' },
    {
      id: 'time',
      header: t('timeNow'),
      cell: (site) => {
        const timeZone = timeZoneOf(site)
        const there = timeThere(now, locale, timeZone)
        return there === '' ? t('noZone') : `${there}, ${formatZone({ locale, timeZone })}`
      },
    },
    {
      id: 'rooms',
      header: t('rooms'),
      isNumeric: true,
      isWideOnly: true,
      cell: (site) => data.rooms.filter((room) => room.partOf?.reference === `Location/${site.id}`).length,
    },
    {
      id: 'closure',
      header: t('nextClosure'),
      isWideOnly: true,
      cell: (site) => nextClosure(readableSite(site)),
    },
    { id: 'state', header: t('state'), cell: (site) => <SiteState site={site} /> },
  ]
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      rows={data.sites}
      rowId={(site) => site.id}
      rowHref={(site) => `/setup/sites/${site.id}`}
      empty={<EmptyState title={t('emptyTitle')}>{t('emptyBody')}</EmptyState>}
    />
  )
}
