'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Notice } from '@openward/ui/notice'
import { PageHeading } from '@openward/ui/page-heading'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useEffect } from 'react'

import { personPath } from '#/lib/paths.ts'
import { peopleQueries } from '#/lib/people.queries.ts'

import { ChoosePerson } from './choose-person.tsx'

/** Where people arrive after signing in: at their own screens, or at the choice of the people they care for. */
export function Start({ to = '/home' }: { to?: `/${string}` }) {
  const t = useTranslations('people')
  const router = useRouter()
  const fhir = useFhirClient()
  const me = useQuery(peopleQueries.me(fhir))
  const people = me.data?.people ?? []
  const own =
    people.find(({ relationship }) => relationship === 'self') ??
    (people.length === 1 ? people[0] : undefined)
  const ownId = own?.patientId
  useEffect(() => {
    if (ownId !== undefined) router.replace(personPath(ownId, to))
  }, [ownId, router, to])
  if (me.isSuccess && people.length > 1 && !own) return <ChoosePerson to={to} />
  return (
    <>
      <PageHeading>{t('loadingTitle')}</PageHeading>
      {me.isError ? (
        <QueryError error={me.error} onRetry={me.refetch} isRetrying={me.isFetching} />
      ) : me.isSuccess && people.length === 0 ? (
        <Notice tone="attention" title={t('nobody')}>
          {t('nobodyBody')}
        </Notice>
      ) : (
        <Skeleton shape="card" count={2} label={t('loading')} />
      )}
    </>
  )
}
