'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { EmptyState } from '@openward/ui/empty-state'
import { PageHeading } from '@openward/ui/page-heading'
import { PhoneLink } from '@openward/ui/phone-link'
import { SearchField } from '@openward/ui/search-field'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import type { Route } from 'next'
import NextLink from 'next/link'
import { useRouter, useSearchParams } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'

import { directoryQueries } from '#/lib/directory.queries.ts'
import { peopleQueries } from '#/lib/people.queries.ts'
import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { searchTexts } from '@openward/ui/search-text'
import { serviceWords } from '#/lib/translation.ts'
import { useNames } from '#/lib/use-names.ts'

import { BookingOff } from './booking-off.tsx'
import { ClinicianCard } from './clinician-card.tsx'
import { EVERYDAY_WORDS } from './eligibility.ts'
import { ServiceCard } from './service-card.tsx'
import { SiteCard } from './site-card.tsx'

const WAYS = ['need', 'clinician', 'site'] as const
type Way = (typeof WAYS)[number]

function WayLinks({ way }: { way: Way }) {
  const t = useTranslations('findCare')
  const path = usePersonPath()
  return (
    <nav aria-label={t('ways')} className="mb-5 border-b border-line">
      <ul className="flex gap-1 overflow-x-auto">
        {WAYS.map((one) => (
          <li key={one}>
            <NextLink
              href={(one === 'need' ? path('/care') : `${path('/care')}?by=${one}`) as Route}
              aria-current={one === way ? 'page' : undefined}
              className="flex min-h-12 items-center border-b-2 border-transparent px-3 whitespace-nowrap text-ink-soft no-underline -outline-offset-2 hover:text-ink aria-[current]:border-action aria-[current]:font-semibold aria-[current]:text-ink"
            >
              {t(`by.${one}`)}
            </NextLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Results({ way, query }: { way: Way; query: string }) {
  const t = useTranslations('findCare')
  const locale = useLocale()
  const names = useNames()
  const fhir = useFhirClient()
  const path = usePersonPath()
  const directory = useQuery(directoryQueries.all(fhir))
  const me = useQuery(peopleQueries.me(fhir))
  if (directory.isError)
    return (
      <QueryError error={directory.error} onRetry={directory.refetch} isRetrying={directory.isFetching} />
    )
  if (directory.isPending) return <Skeleton shape="card" count={4} label={t('loading')} />
  const { services, clinicians, sites, clinic } = directory.data
  const siteNames = (ids: readonly string[]) =>
    sites.filter(({ id }) => ids.includes(id ?? '')).map(({ name }) => name ?? '')
  const found = {
    need: searchTexts(
      services.toSorted((a, b) => serviceWords(a, locale).name.localeCompare(serviceWords(b, locale).name)),
      query,
      (service) => [
        service.name,
        service.comment,
        ...Object.values(serviceWords(service, locale)),
        ...(service.specialty ?? []).map(({ text, coding }) => text ?? coding?.[0]?.display),
        EVERYDAY_WORDS[service.type?.[0]?.coding?.[0]?.code ?? ''],
      ],
    ).map((service) => (
      <ServiceCard key={service.id} service={service} href={path(`/book/${service.id ?? ''}`)} level={2} />
    )),
    clinician: searchTexts(clinicians, query, (one) => [
      names.clinician(one.practitioner),
      ...one.languages.map(names.language),
      ...siteNames(one.siteIds),
    ]).map((one) => <ClinicianCard key={one.id} clinician={one} sites={sites} />),
    site: searchTexts(sites, query, (site) => [
      site.name,
      site.address?.city,
      site.address?.line?.join(' '),
      site.address?.postalCode,
    ]).map((site) => <SiteCard key={site.id} site={site} />),
  }[way]
  return (
    <>
      {me.data?.isBookingOff === true && <BookingOff phone={clinic.phone} />}
      <output className={query ? 'mb-3 block text-ink-soft' : 'sr-only'}>
        {t('count', { count: found.length })}
      </output>
      {found.length === 0 ? (
        <EmptyState
          title={t('nothing', { query })}
          action={clinic.phone && <PhoneLink number={clinic.phone} />}
        >
          {t('nothingBody')}
        </EmptyState>
      ) : (
        <ul className="grid gap-3">
          {found.map((card) => (
            <li key={card.key}>{card}</li>
          ))}
        </ul>
      )}
    </>
  )
}

/** Find care by need, by clinician or by clinic; the words typed stay in the address. */
export function FindCare() {
  const t = useTranslations('findCare')
  const router = useRouter()
  const parameters = useSearchParams()
  const { person, isOther } = usePerson()
  const path = usePersonPath()
  const way = WAYS.find((one) => one === parameters.get('by')) ?? 'need'
  const [query, setQuery] = useState(parameters.get('q') ?? '')
  function handleChange(text: string) {
    setQuery(text)
    const next = new URLSearchParams({ ...(way === 'need' ? {} : { by: way }), ...(text ? { q: text } : {}) })
    router.replace(`${path('/care')}${next.size > 0 ? `?${next}` : ''}` as Route, { scroll: false })
  }
  return (
    <div className="max-w-column">
      <PageHeading lead={isOther ? t('leadFor', { name: person.name }) : t('lead')}>{t('title')}</PageHeading>
      <WayLinks way={way} />
      <div className="mb-5">
        <SearchField
          label={t(`search.${way}`)}
          hint={t(`hint.${way}`)}
          value={query}
          onChange={handleChange}
        />
      </div>
      <Results way={way} query={query} />
    </div>
  )
}
