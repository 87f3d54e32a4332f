'use client'
import { LinkButton } from '@openward/ui/link-button'
import { PageHeading } from '@openward/ui/page-heading'
import NextLink from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'

import { usePerson, usePersonPath } from '#/lib/person-context.tsx'

import { ComingVisits, EarlierVisits } from './visit-list.tsx'

const VIEWS = ['coming', 'past', 'cancelled'] as const

/** Visits that are ahead, were, or were cancelled; which one is in the address. */
export function MyVisits() {
  const t = useTranslations('visits')
  const locale = useLocale()
  const { person, isOther } = usePerson()
  const path = usePersonPath()
  const wanted = useSearchParams().get('show')
  const view = VIEWS.find((one) => one === wanted) ?? 'coming'
  return (
    <div className="max-w-column">
      <PageHeading
        focusKey={view}
        actions={
          <LinkButton as={NextLink} href={path('/care')} variant="secondary">
            {t('book')}
          </LinkButton>
        }
      >
        {isOther ? t('titleOf', { name: person.name }) : t('title')}
        <span className="hidden print:inline">: {t(view).toLocaleLowerCase(locale)}</span>
      </PageHeading>
      <nav aria-label={t('show')} className="mb-6 border-b border-line">
        <ul className="flex gap-1 overflow-x-auto">
          {VIEWS.map((one) => (
            <li key={one}>
              <NextLink
                href={
                  (one === 'coming' ? path('/visits') : `${path('/visits')}?show=${one}`) as ReturnType<
                    typeof path
                  >
                }
                aria-current={one === view ? 'page' : undefined}
                className="flex min-h-12 items-center border-b-2 border-transparent px-3 text-ink-soft no-underline -outline-offset-2 hover:text-ink aria-[current]:border-action aria-[current]:font-semibold aria-[current]:text-ink"
              >
                {t(one)}
              </NextLink>
            </li>
          ))}
        </ul>
      </nav>
      {view === 'coming' ? <ComingVisits /> : <EarlierVisits key={view} kind={view} />}
    </div>
  )
}
