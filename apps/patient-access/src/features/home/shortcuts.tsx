'use client'
import { CalendarDays, CalendarPlus, HeartHandshake, Stethoscope } from 'lucide-react'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'
import type { Route } from 'next'

import { usePerson, usePersonPath } from '#/lib/person-context.tsx'

/** The few things people come for. */
export function Shortcuts() {
  const t = useTranslations('home.shortcuts')
  const path = usePersonPath()
  const { hasOthers } = usePerson()
  const items = [
    { key: 'book', href: path('/care'), icon: CalendarPlus },
    { key: 'clinician', href: `${path('/care')}?by=clinician` as Route, icon: Stethoscope },
    { key: 'visits', href: path('/visits'), icon: CalendarDays },
    ...(hasOthers ? [{ key: 'people', href: path('/people'), icon: HeartHandshake } as const] : []),
  ] as const
  return (
    <section aria-labelledby="shortcuts">
      <h2 id="shortcuts" className="mb-3 text-xl">
        {t('title')}
      </h2>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-1">
        {items.map(({ key, href, icon: Icon }) => (
          <li key={key}>
            <NextLink
              href={href}
              className="flex h-full min-h-16 items-center gap-4 rounded-lg border border-line bg-surface-raised px-5 py-4 text-ink no-underline transition-colors hover:border-action"
            >
              <Icon aria-hidden className="size-6 shrink-0 text-action" />
              <span>
                <span className="block font-semibold">{t(`${key}.title`)}</span>
                <span className="block text-sm text-ink-soft">{t(`${key}.body`)}</span>
              </span>
            </NextLink>
          </li>
        ))}
      </ul>
    </section>
  )
}
