'use client'
import type { Appointment, Patient } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { ageOn } from '@openward/scheduling'
import { Button } from '@openward/ui/button'
import { DataTable, type DataTableColumn } from '@openward/ui/data-table'
import { EmptyState } from '@openward/ui/empty-state'
import { formatDateTime } from '@openward/ui/format'
import { SearchField } from '@openward/ui/search-field'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { type ReactNode, useMemo, useState } from 'react'
import { languageName } from '#/lib/language-name.ts'
import { meQueries } from '#/lib/me.queries.ts'
import { languageOf, matching, panelFrom, type PanelPerson } from './panel.ts'
import { panelQueries } from './panel.queries.ts'

const PER_PAGE = 25

function isoToday(): string {
  return new Date().toISOString().slice(0, 10)
}

function Pages({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const t = useTranslations('panel')
  if (pages < 2) return null
  return (
    <nav aria-label={t('pages')} className="flex flex-wrap items-center gap-3">
      <Button variant="secondary" size="small" isDisabled={page === 0} onPress={() => onPage(page - 1)}>
        {t('previous')}
      </Button>
      <p className="tabular text-sm text-ink-soft">{t('page', { page: page + 1, pages })}</p>
      <Button
        variant="secondary"
        size="small"
        isDisabled={page + 1 >= pages}
        onPress={() => onPage(page + 1)}
      >
        {t('next')}
      </Button>
    </nav>
  )
}

function Age({ patient }: { patient: Patient }) {
  const t = useTranslations('panel')
  const [today] = useState(isoToday)
  if (patient.deceasedBoolean || patient.deceasedDateTime) return t('died')
  const years = ageOn(patient.birthDate ?? '', today)
  return Number.isNaN(years) ? t('notRecorded') : t('years', { count: years })
}

function NextVisit({ visit }: { visit: Appointment | undefined }) {
  const t = useTranslations('panel')
  const locale = useLocale()
  if (!visit) return <span className="text-ink-soft">{t('noVisit')}</span>
  const timeZone = getExtension(visit, EXTENSION.timeZone)?.valueCode ?? 'UTC'
  return formatDateTime(visit.start ?? '', { locale, timeZone })
}

function usePanel(): { people: PanelPerson[] | undefined; problem: ReactNode } {
  const fhir = useFhirClient()
  const locale = useLocale()
  const me = useQuery(meQueries.me(fhir))
  const practitioner = me.data?.reference ?? ''
  const teams = useQuery(panelQueries.teams(fhir, practitioner))
  const [today] = useState(isoToday)
  const people = useMemo(() => {
    return teams.data && panelFrom(teams.data.teams, teams.data.patients, { practitioner, today, locale })
  }, [teams.data, practitioner, today, locale])
  const error = me.error ?? teams.error
  const retry = () => (me.error ? me.refetch() : teams.refetch())
  const isRetrying = me.isFetching || teams.isFetching
  const problem = error && !people && <QueryError error={error} onRetry={retry} isRetrying={isRetrying} />
  return { people, problem }
}

/** The people whose care teams the caller belongs to today. */
export function PanelList() {
  const fhir = useFhirClient()
  const t = useTranslations('panel')
  const locale = useLocale()
  const [text, setText] = useState('')
  const [page, setPage] = useState(0)
  const { people, problem } = usePanel()
  const found = useMemo(() => matching(people ?? [], text), [people, text])
  const rows = found.slice(page * PER_PAGE, (page + 1) * PER_PAGE)
  const visits = useQuery(
    panelQueries.nextVisits(
      fhir,
      rows.map(({ id }) => id),
    ),
  )
  if (problem) return problem
  if (!people) return <Skeleton shape="row" count={10} label={t('loading')} />
  if (people.length === 0) return <EmptyState title={t('emptyTitle')}>{t('emptyBody')}</EmptyState>
  const columns: DataTableColumn<PanelPerson>[] = [
    {
      id: 'name',
      header: t('name'),
      isRowHeader: true,
      cell: ({ name }) => (
        <bdi dir="auto" className="font-semibold">
          {name}
        </bdi>
      ),
    },
    { id: 'age', header: t('age'), cell: ({ patient }) => <Age patient={patient} /> },
    {
      id: 'language',
      header: t('language'),
      isWideOnly: true,
      cell: ({ patient }) => {
        const language = languageOf(patient)
        return (language && languageName(language, locale)) || t('notRecorded')
      },
    },
    {
      id: 'visit',
      header: t('nextVisit'),
      cell: ({ id }) =>
        visits.data ? (
          <NextVisit visit={visits.data.get(id)} />
        ) : (
          <span className="text-ink-soft">{visits.error ? t('visitUnknown') : t('visitLoading')}</span>
        ),
    },
  ]
  return (
    <div className="grid gap-4">
      <div className="max-w-column">
        <SearchField
          label={t('search')}
          value={text}
          onChange={(typed) => {
            setText(typed)
            setPage(0)
          }}
        />
      </div>
      <output className="block text-sm text-ink-soft">{t('count', { count: found.length })}</output>
      {visits.error && <QueryError error={visits.error} onRetry={visits.refetch} />}
      <DataTable
        label={t('title')}
        columns={columns}
        rows={rows}
        rowId={({ id }) => id}
        empty={<p>{t('noMatch')}</p>}
      />
      <Pages page={page} pages={Math.ceil(found.length / PER_PAGE)} onPage={setPage} />
    </div>
  )
}
