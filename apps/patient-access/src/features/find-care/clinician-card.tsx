'use client'
import type { Location } from '@medplum/fhirtypes'
import { Link } from '@openward/ui/link'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'

import type { Clinician } from '#/lib/directory.queries.ts'
import { usePersonPath } from '#/lib/person-context.tsx'
import { useNames } from '#/lib/use-names.ts'

import { Initials } from './initials.tsx'

/** A clinician: name, languages, where they work. */
export function ClinicianCard({ clinician, sites }: { clinician: Clinician; sites: readonly Location[] }) {
  const t = useTranslations('findCare')
  const names = useNames()
  const path = usePersonPath()
  const name = names.clinician(clinician.practitioner)
  const places = sites.filter(({ id }) => clinician.siteIds.includes(id ?? '')).map((site) => site.name)
  return (
    <article className="relative flex gap-4 rounded-lg border border-line bg-surface-raised p-5 transition-colors hover:border-action">
      <Initials name={clinician.practitioner.name} />
      <div className="min-w-0">
        <h2 className="text-lg">
          <Link
            as={NextLink}
            href={path(`/care/clinicians/${clinician.id}`)}
            isPlain
            className="after:absolute after:inset-0"
          >
            <bdi dir="auto">{name}</bdi>
          </Link>
        </h2>
        <p className="text-ink-soft">{places.join(', ')}</p>
        {clinician.languages.length > 0 && (
          <p className="text-ink-soft">
            {t('speaks', { languages: clinician.languages.map(names.spoken).join(', ') })}
          </p>
        )}
      </div>
    </article>
  )
}
