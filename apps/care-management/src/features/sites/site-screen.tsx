'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Link } from '@openward/ui/link'
import { PageHeading } from '@openward/ui/page-heading'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import NextLink from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { NotHere } from '#/lib/not-here.tsx'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { meQueries } from '#/lib/me.queries.ts'
import { ClosuresCard } from './closures-card.tsx'
import { RoomsCard } from './rooms-card.tsx'
import { SiteForm } from './site-form.tsx'

/** One site: what it is, when it is open, its closures and rooms. Without an id, a new one. */
export function SiteScreen({ siteId }: { siteId?: string }) {
  const fhir = useFhirClient()
  const router = useRouter()
  const t = useTranslations('sites')
  const places = useQuery(directoryQueries.places(fhir))
  const me = useQuery(meQueries.me(fhir))
  const error = places.error ?? me.error
  const back = (
    <Link as={NextLink} href="/setup/sites">
      {t('back')}
    </Link>
  )
  if (error && !places.data)
    return (
      <QueryError error={error} onRetry={() => Promise.all([places.refetch(), me.refetch()])} action={back} />
    )
  if (!places.data || !me.data) return <Skeleton shape="card" count={3} label={t('loadingOne')} />
  const site = places.data.sites.find(({ id }) => id === siteId)
  if (siteId !== undefined && !site)
    return places.isFetching ? (
      <Skeleton shape="card" count={3} label={t('loadingOne')} />
    ) : (
      <NotHere title={t('notFound')} back={back} />
    )
  const { organizationId } = me.data
  return (
    <div className="grid max-w-page gap-5">
      <div>
        <p className="mb-2">{back}</p>
        <PageHeading lead={site ? t('leadOne') : t('leadNew')}>{site?.name ?? t('new')}</PageHeading>
      </div>
      <SiteForm
        key={siteId ?? 'new'}
        stored={site}
        organizationId={organizationId}
        onCreated={({ id }) => router.push(`/setup/sites/${id}` as never)}
      />
      {site && <ClosuresCard location={site} />}
      {site && (
        <RoomsCard
          siteId={site.id}
          organizationId={organizationId}
          rooms={places.data.rooms.filter((room) => room.partOf?.reference === `Location/${site.id}`)}
        />
      )}
    </div>
  )
}
