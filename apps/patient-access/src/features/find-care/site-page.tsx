'use client'
import type { Location } from '@medplum/fhirtypes'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { siteFrom } from '@openward/scheduling'
import { addressLines } from '@openward/ui/address'
import { Card } from '@openward/ui/card'
import { formatDate } from '@openward/ui/format'
import { Notice } from '@openward/ui/notice'
import { PageHeading } from '@openward/ui/page-heading'
import { PhoneLink } from '@openward/ui/phone-link'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import type { Route } from 'next'
import { useLocale, useTranslations } from 'next-intl'

import { directoryQueries, siteIdsOf } from '#/lib/directory.queries.ts'
import { usePersonPath } from '#/lib/person-context.tsx'

import { useNow } from '#/lib/use-now.ts'

import { OpeningHours } from './opening-hours.tsx'
import { ServiceCard } from './service-card.tsx'

function SiteFacts({ site }: { site: Location }) {
  const t = useTranslations('findCare')
  const locale = useLocale()
  const read = siteFrom(site)
  const phone = site.telecom?.find(({ system }) => system === 'phone')?.value
  const today = new Date(useNow()).toISOString().slice(0, 10)
  const closures = read.ok ? read.value.closures.filter(({ endDate }) => endDate >= today) : []
  const day = (date: string) => formatDate(date, { locale })
  return (
    <Card>
      <address className="not-italic">
        {addressLines(site.address).map((line) => (
          <span key={line} className="block">
            {line}
          </span>
        ))}
      </address>
      {phone && (
        <p className="mt-2">
          <PhoneLink number={phone} />
        </p>
      )}
      {read.ok && <OpeningHours hours={read.value.hours} timeZone={read.value.timeZone} />}
      {closures.length > 0 && (
        <p className="mt-3">
          {t('closed')}{' '}
          {closures
            .map(({ startDate, endDate }) =>
              startDate === endDate
                ? day(startDate)
                : t('fromTo', { from: day(startDate), to: day(endDate) }),
            )
            .join('; ')}
        </p>
      )}
    </Card>
  )
}

/** One clinic: where, when open, and what can be booked there. */
export function SitePage({ siteId }: { siteId: string }) {
  const t = useTranslations('findCare')
  const fhir = useFhirClient()
  const path = usePersonPath()
  const directory = useQuery(directoryQueries.all(fhir))
  const site = directory.data?.sites.find(({ id }) => id === siteId)
  return (
    <div className="max-w-column">
      <PageHeading focusKey={site ? 'known' : 'unknown'}>{site?.name ?? t('site')}</PageHeading>
      {directory.isError ? (
        <QueryError error={directory.error} onRetry={directory.refetch} isRetrying={directory.isFetching} />
      ) : directory.isPending ? (
        <Skeleton shape="card" count={3} label={t('loading')} />
      ) : site ? (
        <div className="grid gap-6">
          <SiteFacts site={site} />
          <section>
            <h2 className="mb-3 text-xl">{t('servicesHere')}</h2>
            <ul className="grid gap-3">
              {directory.data.services
                .filter((service) => siteIdsOf(service).includes(siteId))
                .map((service) => (
                  <li key={service.id}>
                    <ServiceCard
                      service={service}
                      href={`${path(`/book/${service.id ?? ''}`)}?site=${siteId}` as Route}
                    />
                  </li>
                ))}
            </ul>
          </section>
        </div>
      ) : (
        <Notice tone="attention" title={t('noSite')} />
      )}
    </div>
  )
}
