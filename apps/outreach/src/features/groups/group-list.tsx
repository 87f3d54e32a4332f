'use client'
import type { Group } from '@medplum/fhirtypes'
import { useCaller } from '@openward/auth'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Button } from '@openward/ui/button'
import { DataTable, type DataTableColumn } from '@openward/ui/data-table'
import { EmptyState } from '@openward/ui/empty-state'
import { formatDateTime } from '@openward/ui/format'
import { Skeleton } from '@openward/ui/skeleton'
import { StatusTag } from '@openward/ui/status-tag'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { groupSize, SMALLEST_TOLD } from './group-size.ts'
import { groupQueries } from './groups.queries.ts'

const OUTREACH_ROLES = ['outreach-author', 'outreach-approver']

function Size({ group }: { group: Group }) {
  const t = useTranslations('groups')
  const locale = useLocale()
  const size = groupSize(group.quantity)
  switch (size.kind) {
    case 'exact':
      return new Intl.NumberFormat(locale).format(size.count)
    case 'few':
      return t('few', { least: SMALLEST_TOLD })
    case 'none':
      return t('none')
    case 'unknown':
      return t('unknown')
  }
}

function Changed({ group }: { group: Group }) {
  const t = useTranslations('groups')
  const locale = useLocale()
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return group.meta?.lastUpdated ? formatDateTime(group.meta.lastUpdated, { locale, timeZone }) : t('unknown')
}

function Groups() {
  const fhir = useFhirClient()
  const t = useTranslations('groups')
  const query = useInfiniteQuery(groupQueries.list(fhir))
  const { data, error, refetch, isFetching } = query
  if (error && !data) return <QueryError error={error} onRetry={refetch} isRetrying={isFetching} />
  if (!data) return <Skeleton shape="row" count={6} label={t('loading')} />
  const groups = data.pages
    .flatMap(({ resources }) => resources)
    .toSorted((a, b) => (a.name ?? '').localeCompare(b.name ?? ''))
  if (groups.length === 0) return <EmptyState title={t('emptyTitle')}>{t('emptyBody')}</EmptyState>
  const columns: DataTableColumn<(typeof groups)[number]>[] = [
    {
      id: 'name',
      header: t('name'),
      isRowHeader: true,
      cell: (group) => <span className="font-semibold">{group.name ?? t('noName')}</span>,
    },
    { id: 'size', header: t('members'), isNumeric: true, cell: (group) => <Size group={group} /> },
    {
      id: 'changed',
      header: t('changed'),
      isWideOnly: true,
      cell: (group) => <Changed group={group} />,
    },
    {
      id: 'state',
      header: t('state'),
      cell: ({ active }) =>
        active === false ? (
          <StatusTag tone="stopped">{t('inactive')}</StatusTag>
        ) : (
          <StatusTag tone="done">{t('active')}</StatusTag>
        ),
    },
  ]
  return (
    <div className="grid gap-4">
      <DataTable label={t('title')} columns={columns} rows={groups} rowId={({ id }) => id} />
      <p className="max-w-measure text-sm text-ink-soft">{t('fewWhy', { least: SMALLEST_TOLD })}</p>
      {error && <QueryError error={error} onRetry={refetch} isRetrying={isFetching} />}
      {query.hasNextPage && (
        <div>
          <Button
            variant="secondary"
            onPress={() => void query.fetchNextPage()}
            isPending={query.isFetchingNextPage}
          >
            {t('showMore')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** The groups that outreach starts from; for roles without a part in it, whom to ask. */
export function GroupList() {
  const t = useTranslations('groups')
  const { roles } = useCaller()
  if (roles.some((role) => OUTREACH_ROLES.includes(role))) return <Groups />
  return <EmptyState title={t('notYoursTitle')}>{t('notYours')}</EmptyState>
}
