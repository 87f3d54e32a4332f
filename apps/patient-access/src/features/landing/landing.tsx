import { currentBranding } from '@openward/portal/current-branding'
import { readTheme, THEMES } from '@openward/portal/preferences'
import { LANGUAGES } from '@openward/portal/language'
import { BrandMark } from '@openward/ui/brand-mark'
import { LinkButton } from '@openward/ui/link-button'
import { PhoneLink } from '@openward/ui/phone-link'
import { PreferenceSwitch } from '@openward/ui/preference-switch'
import { SkipLink } from '@openward/ui/skip-link'
import { ArrowRight, CalendarPlus, CalendarSync, HeartHandshake } from 'lucide-react'
import { cookies } from 'next/headers'
import { getLocale, getTranslations } from 'next-intl/server'
import { BASE_PATH } from '#/lib/env.ts'

const TASKS = [
  { key: 'book', path: '/find-care', icon: CalendarPlus },
  { key: 'change', path: '/visits', icon: CalendarSync },
  { key: 'others', path: '/profile', icon: HeartHandshake },
] as const
const STEPS = ['need', 'time', 'check'] as const
const FACTS = ['language', 'access', 'privacy'] as const

/** The public start page. Rendered on the server; links are plain anchors, so that nothing is loaded ahead. */
export async function Landing() {
  const t = await getTranslations('landing')
  const portal = await getTranslations('portal')
  const locale = await getLocale()
  const branding = await currentBranding()
  const welcome = locale === 'es' ? branding.welcomeEs : branding.welcome
  const theme = readTheme((await cookies()).get('theme')?.value)
  return (
    <div className="mx-auto max-w-page px-4 sm:px-6">
      <SkipLink>{t('skip')}</SkipLink>
      <header className="flex items-center justify-between gap-4 py-3">
        <p className="flex items-center gap-2.5 font-semibold leading-tight">
          <BrandMark />
          {branding.displayName}
        </p>
        <PreferenceSwitch
          action={`${BASE_PATH}/preferences`}
          name="locale"
          label={portal('language')}
          current={locale}
          choices={LANGUAGES}
        />
      </header>

      <main id="main">
        <div className="grid gap-x-16 gap-y-10 pb-14 pt-8 sm:pt-14 lg:grid-cols-[minmax(0,1fr)_26rem] lg:items-start">
          <div>
            <h1 className="max-w-[14ch] text-4xl sm:text-5xl">{t('title')}</h1>
            <p className="mt-4 max-w-[46ch] text-lg text-ink-soft">{welcome || t('lead')}</p>
            <div className="mt-7 flex flex-col gap-3 sm:flex-row">
              <LinkButton href={`${BASE_PATH}/find-care`} size="large">
                {t('findCare')}
              </LinkButton>
              <LinkButton href={`${BASE_PATH}/home`} size="large" variant="secondary">
                {t('signIn')}
              </LinkButton>
            </div>
            <p className="mt-5 max-w-[46ch] text-sm text-ink-soft">{t('noAccount')}</p>
          </div>

          <section
            aria-labelledby="help"
            className="rounded-lg border border-line bg-surface-raised p-5 sm:p-6"
          >
            <h2 id="help" className="text-lg">
              {t('helpTitle')}
            </h2>
            <p className="mt-1">{t('helpBody')}</p>
            {branding.phone && (
              <p className="mt-4 text-xl">
                <PhoneLink number={branding.phone} />
              </p>
            )}
            <div className="mt-5 border-t border-line pt-4">
              <p className="font-semibold text-danger">{t('emergency')}</p>
              <p className="mt-0.5">{t('emergencyBody')}</p>
            </div>
          </section>
        </div>

        <section aria-labelledby="tasks" className="border-t border-line pt-8">
          <h2 id="tasks" className="text-xl">
            {t('doTitle')}
          </h2>
          <ul className="mt-4 divide-y divide-line">
            {TASKS.map(({ key, path, icon: Icon }) => (
              <li key={key}>
                <a
                  href={`${BASE_PATH}${path}`}
                  className="group flex items-center gap-4 rounded-md py-4 text-ink no-underline sm:gap-6"
                >
                  <Icon aria-hidden className="size-6 shrink-0 text-action" />
                  <span className="min-w-0 flex-1 md:grid md:grid-cols-[20rem_1fr] md:items-baseline md:gap-6">
                    <span className="block text-lg font-semibold text-action underline decoration-1 underline-offset-[0.2em] group-hover:text-action-strong group-hover:decoration-2">
                      {t(`${key}.title`)}
                    </span>
                    <span className="block text-ink-soft">{t(`${key}.body`)}</span>
                  </span>
                  <ArrowRight
                    aria-hidden
                    className="size-5 shrink-0 text-ink-soft transition-transform group-hover:translate-x-1 rtl:-scale-x-100"
                  />
                </a>
              </li>
            ))}
          </ul>
        </section>

        <section aria-labelledby="steps" className="mt-8 border-t border-line pt-8">
          <h2 id="steps" className="text-xl">
            {t('stepsTitle')}
          </h2>
          <ol className="mt-5 grid gap-x-10 gap-y-6 md:grid-cols-3">
            {STEPS.map((step, index) => (
              <li key={step} className="flex gap-4 md:block">
                <span
                  aria-hidden
                  className="tabular grid size-9 shrink-0 place-items-center rounded-full border-2 border-action font-semibold text-action"
                >
                  {index + 1}
                </span>
                <div className="md:mt-3">
                  <h3 className="tracking-normal">{t(`steps.${step}.title`)}</h3>
                  <p className="mt-0.5 text-ink-soft">{t(`steps.${step}.body`)}</p>
                </div>
              </li>
            ))}
          </ol>
        </section>

        <section aria-labelledby="good" className="mt-10 border-t border-line pt-8">
          <h2 id="good" className="text-xl">
            {t('goodTitle')}
          </h2>
          <dl className="mt-5 grid gap-x-10 gap-y-6 md:grid-cols-3">
            {FACTS.map((fact) => (
              <div key={fact}>
                <dt className="font-semibold">{t(`${fact}.title`)}</dt>
                <dd className="mt-0.5 text-ink-soft">{t(`${fact}.body`)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </main>

      <footer className="mt-14 flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-t border-line py-5">
        <p className="text-sm text-ink-soft">{branding.displayName}</p>
        <PreferenceSwitch
          action={`${BASE_PATH}/preferences`}
          name="theme"
          label={portal('theme.label')}
          current={theme}
          choices={THEMES.map((value) => ({ value, label: portal(`theme.${value}`) }))}
        />
      </footer>
    </div>
  )
}
