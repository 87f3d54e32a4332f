'use client'
import { EXTENSION, getExtension } from '@openward/fhir-client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Button } from '@openward/ui/button'
import { Link } from '@openward/ui/link'
import { PageHeading } from '@openward/ui/page-heading'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import NextLink from 'next/link'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { NotHere } from '#/lib/not-here.tsx'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { meQueries } from '#/lib/me.queries.ts'
import { type Clinician, cliniciansFrom } from './clinician.ts'
import { LeaveCard } from './leave-card.tsx'
import { NewClinician } from './new-clinician.tsx'
import { PersonCard } from './person-card.tsx'
import { RoleCard } from './role-card.tsx'
import type { Offer } from './role-fields.tsx'

/** The zone in which a clinician's leave is entered: their first site's. */
function zoneOf({ roles }: Clinician, sites: Offer['sites']): string {
  const references = roles.flatMap(({ location }) => location?.[0]?.reference ?? [])
  const site = sites.find(({ id }) => references.includes(`Location/${id}`)) ?? sites[0]
  return getExtension(site, EXTENSION.siteTimeZone)?.valueCode ?? 'UTC'
}

function ClinicianCards({
  clinician,
  organizationId,
  ...offer
}: Offer & { clinician: Clinician; organizationId: string }) {
  const t = useTranslations('clinicians')
  const [isAdding, setIsAdding] = useState(false)
  const { practitioner, roles } = clinician
  const common = {
    ...offer,
    practitionerId: clinician.id,
    organizationId,
    title: practitioner.qualification?.[0]?.code.text ?? '',
  }
  return (
    <>
      <LeaveCard practitionerId={clinician.id} timeZone={zoneOf(clinician, offer.sites)} />
      {roles.map((role) => (
        <RoleCard key={role.id} stored={role} {...common} />
      ))}
      {isAdding ? (
        <RoleCard stored={undefined} onCreated={() => setIsAdding(false)} {...common} />
      ) : (
        <div>
          <Button variant="secondary" onPress={() => setIsAdding(true)}>
            {t('anotherSite')}
          </Button>
        </div>
      )}
      <PersonCard stored={practitioner} />
    </>
  )
}

/** One clinician: who they are, where and when they work, what they offer, their leave. Without an id, a new one. */
export function ClinicianScreen({ practitionerId }: { practitionerId?: string }) {
  const fhir = useFhirClient()
  const t = useTranslations('clinicians')
  const locale = useLocale()
  const staff = useQuery(directoryQueries.staff(fhir))
  const places = useQuery(directoryQueries.places(fhir))
  const services = useQuery(directoryQueries.services(fhir))
  const me = useQuery(meQueries.me(fhir))
  const back = (
    <Link as={NextLink} href="/setup/clinicians">
      {t('back')}
    </Link>
  )
  const loading = <Skeleton shape="card" count={3} label={t('loadingOne')} />
  if (!staff.data || !places.data || !services.data || !me.data) {
    const error = staff.error ?? places.error ?? services.error ?? me.error
    const retry = () => Promise.all([staff.refetch(), places.refetch(), services.refetch(), me.refetch()])
    return error ? <QueryError error={error} onRetry={retry} action={back} /> : loading
  }
  const clinician = cliniciansFrom(staff.data, locale).find(({ id }) => id === practitionerId)
  if (practitionerId !== undefined && !clinician)
    return staff.isFetching ? loading : <NotHere title={t('notFound')} back={back} />
  const offer = { sites: places.data.sites, services: services.data }
  const { organizationId } = me.data
  return (
    <div className="grid max-w-page gap-5">
      <div>
        <p className="mb-2">{back}</p>
        <PageHeading lead={clinician ? t('leadOne') : t('leadNew')}>
          {clinician ? <bdi dir="auto">{clinician.name}</bdi> : t('new')}
        </PageHeading>
      </div>
      {clinician ? (
        <ClinicianCards key={clinician.id} clinician={clinician} organizationId={organizationId} {...offer} />
      ) : (
        <NewClinician organizationId={organizationId} {...offer} />
      )}
    </div>
  )
}
