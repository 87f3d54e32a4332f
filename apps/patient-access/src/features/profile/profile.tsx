'use client'
import { useCaller } from '@openward/auth'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { addressLines } from '@openward/ui/address'
import { Card } from '@openward/ui/card'
import { DefinitionList } from '@openward/ui/definition-list'
import { formatBirthDate } from '@openward/ui/format'
import { LinkButton } from '@openward/ui/link-button'
import { Notice } from '@openward/ui/notice'
import { PageHeading } from '@openward/ui/page-heading'
import { Skeleton } from '@openward/ui/skeleton'
import { formatPersonName } from '@openward/ui/person-name'
import { useQuery } from '@tanstack/react-query'
import NextLink from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

import { patientQueries } from '#/lib/patient.queries.ts'
import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { useNames } from '#/lib/use-names.ts'

import { formOf } from './profile.ts'

/** What the clinic has on record to reach and address a person. */
export function Profile({ preferences }: { preferences: ReactNode }) {
  const t = useTranslations('profile')
  const locale = useLocale()
  const names = useNames()
  const caller = useCaller()
  const fhir = useFhirClient()
  const { person, isOther } = usePerson()
  const path = usePersonPath()
  const wasSaved = useSearchParams().get('saved') === '1'
  const patient = useQuery(patientQueries.one(fhir, person.patientId))
  const form = patient.data && formOf(patient.data)
  const known = (text: string | undefined) =>
    text ? (
      <bdi dir="auto">{text}</bdi>
    ) : (
      <span className="font-normal text-ink-soft">{t('notRecorded')}</span>
    )
  const home = patient.data?.address?.find(({ use }) => use === 'home') ?? patient.data?.address?.[0]
  return (
    <div className="max-w-column">
      <PageHeading>{isOther ? t('titleOf', { name: person.name }) : t('title')}</PageHeading>
      <div className="grid gap-6">
        {wasSaved && <Notice tone="done" title={t('saved')} isLive />}
        {patient.isError ? (
          <QueryError error={patient.error} onRetry={patient.refetch} isRetrying={patient.isFetching} />
        ) : !patient.data || !form ? (
          <Skeleton shape="card" count={2} label={t('loading')} />
        ) : (
          <Card
            title={t('about')}
            action={
              <LinkButton as={NextLink} href={path('/profile/edit')} variant="secondary" size="small">
                {t('change')}
              </LinkButton>
            }
          >
            <DefinitionList
              items={[
                {
                  term: t('fields.officialName'),
                  detail: known(
                    formatPersonName(
                      patient.data.name?.filter(({ use }) => use !== 'usual' && use !== 'nickname'),
                      { locale },
                    ),
                  ),
                },
                { term: t('fields.preferredName'), detail: known(form.preferredName) },
                { term: t('fields.birthDate'), detail: formatBirthDate(patient.data.birthDate, locale) },
                { term: t('fields.phone'), detail: known(form.phone) },
                { term: t('fields.email'), detail: known(form.email) },
                { term: t('fields.language'), detail: known(form.language && names.language(form.language)) },
                {
                  term: t('fields.address'),
                  detail:
                    addressLines(home).length > 0
                      ? addressLines(home).map((line) => (
                          <span key={line} className="block">
                            {line}
                          </span>
                        ))
                      : known(undefined),
                },
              ]}
            />
            <p className="mt-4 text-sm text-ink-soft">{t('clinicChanges')}</p>
          </Card>
        )}
        <Card title={t('signIn')}>
          <DefinitionList
            items={[
              { term: t('signedInAs'), detail: <bdi dir="auto">{caller.name}</bdi> },
              { term: t('userName'), detail: <bdi dir="auto">{caller.username}</bdi> },
            ]}
          />
        </Card>
        <Card title={t('preferences')}>
          {preferences}
          <p className="mt-3 text-sm text-ink-soft">{t('preferencesHint')}</p>
        </Card>
      </div>
    </div>
  )
}
