'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { LinkButton } from '@openward/ui/link-button'
import { Notice } from '@openward/ui/notice'
import { PageHeading } from '@openward/ui/page-heading'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'
import { type ReactNode, useEffect } from 'react'

import { peopleQueries } from '#/lib/people.queries.ts'
import { PersonProvider } from '#/lib/person-context.tsx'

import { CurrentPerson } from './current-person.tsx'

/**
 * Lets a person's screens show only while the signed-in person may act for them. The person is named by the address, so a switch in another tab
 * changes nothing here; whatever was fetched for somebody else is dropped.
 */
export function PersonGate({ personId, children }: { personId: string; children: ReactNode }) {
  const t = useTranslations('people')
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const me = useQuery(peopleQueries.me(fhir))
  useEffect(
    () => () => {
      queryClient.removeQueries({ queryKey: ['patient', personId] })
    },
    [queryClient, personId],
  )
  if (me.isError)
    return (
      <>
        <PageHeading>{t('loadingTitle')}</PageHeading>
        <QueryError error={me.error} onRetry={me.refetch} isRetrying={me.isFetching} />
      </>
    )
  if (me.isPending) return <Skeleton shape="card" count={2} label={t('loading')} />
  const person = me.data.people.find(({ patientId }) => patientId === personId)
  if (!person)
    return (
      <>
        <PageHeading>{t('notYoursTitle')}</PageHeading>
        <Notice
          tone="attention"
          title={t('notYours')}
          action={
            <LinkButton as={NextLink} href="/home">
              {t('toOwn')}
            </LinkButton>
          }
        >
          {t('notYoursBody')}
        </Notice>
      </>
    )
  const isOther = person.relationship !== 'self'
  return (
    <PersonProvider value={{ person, isOther, hasOthers: me.data.people.length > 1 }}>
      <CurrentPerson />
      {children}
    </PersonProvider>
  )
}
