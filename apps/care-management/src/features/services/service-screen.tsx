'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Link } from '@openward/ui/link'
import { PageHeading } from '@openward/ui/page-heading'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import NextLink from 'next/link'
import { useRouter } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import { NotHere } from '#/lib/not-here.tsx'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { meQueries } from '#/lib/me.queries.ts'
import { serviceName } from '#/lib/use-directory-names.ts'
import { ServiceForm } from './service-form.tsx'

/** One service and its rules. Without an id, a new one. */
export function ServiceScreen({ serviceId }: { serviceId?: string }) {
  const fhir = useFhirClient()
  const router = useRouter()
  const t = useTranslations('services')
  const locale = useLocale()
  const services = useQuery(directoryQueries.services(fhir))
  const places = useQuery(directoryQueries.places(fhir))
  const me = useQuery(meQueries.me(fhir))
  const back = (
    <Link as={NextLink} href="/setup/services">
      {t('back')}
    </Link>
  )
  const loading = <Skeleton shape="card" count={3} label={t('loadingOne')} />
  if (!services.data || !places.data || !me.data) {
    const error = services.error ?? places.error ?? me.error
    const retry = () => Promise.all([services.refetch(), places.refetch(), me.refetch()])
    return error ? <QueryError error={error} onRetry={retry} action={back} /> : loading
  }
  const service = services.data.find(({ id }) => id === serviceId)
  if (serviceId !== undefined && !service)
    return services.isFetching ? loading : <NotHere title={t('notFound')} back={back} />
  return (
    <div className="grid max-w-page gap-5">
      <div>
        <p className="mb-2">{back}</p>
        <PageHeading lead={t('leadOne')}>{service ? serviceName(service, locale) : t('new')}</PageHeading>
      </div>
      <ServiceForm
        key={serviceId ?? 'new'}
        stored={service}
        services={services.data}
        sites={places.data.sites}
        organizationId={me.data.organizationId}
        onCreated={({ id }) => router.push(`/setup/services/${id}` as never)}
      />
    </div>
  )
}
