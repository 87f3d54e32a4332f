'use client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Countdown } from '@openward/ui/countdown'
import { formatDateTime } from '@openward/ui/format'
import { Link } from '@openward/ui/link'
import { Notice } from '@openward/ui/notice'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import NextLink from 'next/link'
import { useLocale, useTranslations } from 'next-intl'

import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { useNow } from '#/lib/use-now.ts'
import { visitState } from '#/lib/visit.ts'
import { visitQueries } from '#/lib/visits.queries.ts'

/** A time that is still held: go on with it, or choose another one, which gives this one back. */
export function OpenHold() {
  const t = useTranslations('pickTime.openHold')
  const locale = useLocale()
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const { person } = usePerson()
  const path = usePersonPath()
  const now = useNow()
  const { data } = useQuery(visitQueries.coming(fhir, person.patientId))
  const hold = data?.find((visit) => visitState(visit, now) === 'held')
  if (!hold?.heldUntil) return null
  const words = formatDateTime(hold.startsAt, { locale, timeZone: hold.timeZone })
  return (
    <div className="mb-6">
      <Notice
        title={t('title', { when: words })}
        action={
          <Link as={NextLink} href={path(`/holds/${hold.id}`)}>
            {t('continue')}
          </Link>
        }
      >
        <p>{t('body')}</p>
        <Countdown
          endsAt={hold.heldUntil}
          label={t('left')}
          onExpire={() =>
            void queryClient.invalidateQueries({ queryKey: visitQueries.ofPerson(person.patientId) })
          }
        />
      </Notice>
    </div>
  )
}
