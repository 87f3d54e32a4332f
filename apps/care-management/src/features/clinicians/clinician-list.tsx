'use client'
import { referencedId } from '@openward/fhir-client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Button } from '@openward/ui/button'
import { DataTable, type DataTableColumn } from '@openward/ui/data-table'
import { EmptyState } from '@openward/ui/empty-state'
import { SearchField } from '@openward/ui/search-field'
import { Skeleton } from '@openward/ui/skeleton'
import { StatusTag } from '@openward/ui/status-tag'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { languageName } from '#/lib/language-name.ts'
import { useDirectoryNames } from '#/lib/use-directory-names.ts'
import { type Clinician, cliniciansFrom, matching } from './clinician.ts'

const PER_PAGE = 50

/** Everybody with a calendar: clinicians, home clinicians, interpreters. */
export function ClinicianList() {
  const fhir = useFhirClient()
  const t = useTranslations('clinicians')
  const locale = useLocale()
  const nameOf = useDirectoryNames()
  const [text, setText] = useState('')
  const [shown, setShown] = useState(PER_PAGE)
  const { data, error, refetch, isFetching } = useQuery(directoryQueries.staff(fhir))
  if (error) return <QueryError error={error} onRetry={refetch} isRetrying={isFetching} />
  if (!data) return <Skeleton shape="row" count={10} label={t('loading')} />
  const found = matching(cliniciansFrom(data, locale), text)
  const columns: DataTableColumn<Clinician>[] = [
    {
      id: 'name',
      header: t('name'),
      isRowHeader: true,
      cell: ({ name, practitioner }) => (
        <>
          <bdi dir="auto" className="font-semibold">
            {name}
          </bdi>
          <span className="block text-sm text-ink-soft">
            {practitioner.qualification?.[0]?.code.text ?? t('noTitle')}
          </span>
        </>
      ),
    },
    {
      id: 'sites',
      header: t('sites'),
      cell: ({ roles }) =>
        [...new Set(roles.map((role) => nameOf(`Location/${referencedId(role.location?.[0], 'Location')}`)))]
          .filter((name) => name !== '')
          .join(', '),
    },
    {
      id: 'languages',
      header: t('fields.languages'),
      isWideOnly: true,
      cell: ({ practitioner }) =>
        (practitioner.communication ?? []).map((one) => languageName(one, locale)).join(', '),
    },
    {
      id: 'state',
      header: t('state'),
      isWideOnly: true,
      cell: ({ practitioner }) =>
        practitioner.active === false ? (
          <StatusTag tone="stopped">{t('inactive')}</StatusTag>
        ) : (
          <StatusTag tone="done">{t('active')}</StatusTag>
        ),
    },
  ]
  return (
    <div className="grid gap-4">
      <div className="max-w-column">
        <SearchField label={t('search')} value={text} onChange={setText} />
      </div>
      <output className="block text-sm text-ink-soft">{t('count', { count: found.length })}</output>
      <DataTable
        label={t('title')}
        columns={columns}
        rows={found.slice(0, shown)}
        rowId={({ id }) => id}
        rowHref={({ id }) => `/setup/clinicians/${id}`}
        empty={
          text === '' ? (
            <EmptyState title={t('emptyTitle')}>{t('emptyBody')}</EmptyState>
          ) : (
            <p>{t('noMatch')}</p>
          )
        }
      />
      {found.length > shown && (
        <div>
          <Button variant="secondary" onPress={() => setShown(shown + PER_PAGE)}>
            {t('showMore')}
          </Button>
        </div>
      )}
    </div>
  )
}
