'use client'
import type { Location } from '@medplum/fhirtypes'
import { addressLines } from '@openward/ui/address'
import { Link } from '@openward/ui/link'
import { PhoneLink } from '@openward/ui/phone-link'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'

import { usePersonPath } from '#/lib/person-context.tsx'

/** A clinic: where it is and how to reach it. */
export function SiteCard({ site }: { site: Location }) {
  const t = useTranslations('findCare')
  const path = usePersonPath()
  const phone = site.telecom?.find(({ system }) => system === 'phone')?.value
  return (
    <article className="rounded-lg border border-line bg-surface-raised p-5">
      <h2 className="text-lg">
        <Link as={NextLink} href={path(`/care/sites/${site.id ?? ''}`)} isPlain>
          {site.name}
        </Link>
      </h2>
      <address className="mt-1 text-ink-soft not-italic">
        {addressLines(site.address).map((line) => (
          <span key={line} className="block">
            {line}
          </span>
        ))}
      </address>
      <p className="mt-2 flex flex-wrap gap-x-6 gap-y-1">
        <Link as={NextLink} href={path(`/care/sites/${site.id ?? ''}`)}>
          {t('servicesHere')}
          <span className="sr-only">, {site.name}</span>
        </Link>
        {phone && <PhoneLink number={phone} />}
      </p>
    </article>
  )
}
