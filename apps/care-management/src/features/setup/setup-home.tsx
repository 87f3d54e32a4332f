'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { serviceRulesFrom, siteFrom } from '@openward/scheduling'
import { Card } from '@openward/ui/card'
import { Link } from '@openward/ui/link'
import { Skeleton } from '@openward/ui/skeleton'
import { StatusTag } from '@openward/ui/status-tag'
import { useQuery } from '@tanstack/react-query'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'
import { directoryQueries } from '#/lib/directory.queries.ts'

type Part = {
  id: 'sites' | 'services' | 'clinicians' | 'branding'
  count?: number | undefined
  /** How many cannot be used as they are stored. */
  incomplete?: number
}

function useParts() {
  const fhir = useFhirClient()
  const places = useQuery(directoryQueries.places(fhir))
  const services = useQuery(directoryQueries.services(fhir))
  const staff = useQuery(directoryQueries.staff(fhir))
  const parts: Part[] = [
    {
      id: 'sites',
      count: places.data?.sites.length,
      incomplete: places.data?.sites.filter((site) => !siteFrom(site).ok).length ?? 0,
    },
    {
      id: 'services',
      count: services.data?.filter(({ active }) => active !== false).length,
      incomplete: services.data?.filter((one) => !serviceRulesFrom(one).ok).length ?? 0,
    },
    { id: 'clinicians', count: staff.data?.people.filter(({ active }) => active !== false).length },
    { id: 'branding' },
  ]
  const queries = [places, services, staff]
  return {
    parts,
    isLoading: queries.some((query) => query.isPending && !query.error),
    error: queries.find((query) => query.error && !query.data)?.error,
    retry: () => Promise.all(queries.map((query) => query.refetch())),
  }
}

/** Everything an administrator keeps, and what of it needs attention. */
export function SetupHome() {
  const t = useTranslations('setup')
  const { parts, isLoading, error, retry } = useParts()
  if (error) return <QueryError error={error} onRetry={retry} />
  if (isLoading) return <Skeleton shape="card" count={3} label={t('loading')} />
  return (
    <div className="grid max-w-page gap-4 sm:grid-cols-2">
      {parts.map((part) => (
        <Card
          key={part.id}
          title={t(`${part.id}.title`)}
          action={
            <Link as={NextLink} href={`/setup/${part.id}`}>
              {t(`${part.id}.action`)}
            </Link>
          }
        >
          {part.count !== undefined && (
            <p className="tabular font-semibold">
              {t(`counts.${part.id === 'branding' ? 'sites' : part.id}`, { count: part.count })}
            </p>
          )}
          <p className="text-ink-soft">{t(`${part.id}.body`)}</p>
          {Boolean(part.incomplete) && (
            <p className="mt-2">
              <StatusTag tone="danger">{t('incomplete', { count: part.incomplete ?? 0 })}</StatusTag>
            </p>
          )}
        </Card>
      ))}
    </div>
  )
}
