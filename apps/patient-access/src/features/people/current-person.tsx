'use client'
import { formatBirthDate, formatDate } from '@openward/ui/format'
import { LinkButton } from '@openward/ui/link-button'
import { PersonBanner } from '@openward/ui/person-banner'
import NextLink from 'next/link'
import { useLocale, useTranslations } from 'next-intl'

import { usePerson, usePersonPath } from '#/lib/person-context.tsx'

import { useReachWords } from './reach-words.ts'

/** Whom this screen is about, on top of every screen; it stands out when that is somebody else. */
export function CurrentPerson() {
  const t = useTranslations('people')
  const locale = useLocale()
  const { person, isOther, hasOthers } = usePerson()
  const path = usePersonPath()
  const reach = useReachWords()
  if (!hasOthers && !isOther) return null
  return (
    <div className="mb-6">
      <PersonBanner
        context={isOther ? t('actingFor') : t('yourself')}
        name={person.name}
        isOther={isOther}
        facts={[
          person.ageYears === undefined ? undefined : t('age', { age: person.ageYears }),
          person.birthDate && t('born', { date: formatBirthDate(person.birthDate, locale) }),
          isOther ? reach(person) : undefined,
          person.until && t('until', { date: formatDate(person.until, { locale, style: 'long' }) }),
        ]}
        action={
          hasOthers && (
            <LinkButton as={NextLink} href={path('/people')} variant="secondary" size="small">
              {t('switch')}
            </LinkButton>
          )
        }
      />
    </div>
  )
}
