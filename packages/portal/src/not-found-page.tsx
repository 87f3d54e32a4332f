import { buttonClass } from '@openward/ui/button-class'
import { getTranslations } from 'next-intl/server'

/** The answer to an address that leads nowhere. `homeHref` includes the base path. */
export async function NotFoundPage({ homeHref }: { homeHref: string }) {
  const t = await getTranslations('portal.notFound')
  return (
    <main id="main" className="mx-auto max-w-column px-4 py-16">
      <h1 className="text-2xl">{t('title')}</h1>
      <p className="mt-3">{t('body')}</p>
      <a href={homeHref} className={buttonClass('primary', 'regular', 'mt-6')}>
        {t('home')}
      </a>
    </main>
  )
}
