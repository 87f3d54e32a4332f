import { Skeleton } from '@openward/ui/skeleton'
import { getTranslations } from 'next-intl/server'

/** Holds the place of a page that is on its way. */
export async function LoadingPage() {
  const t = await getTranslations('portal')
  return (
    <div className="mx-auto grid max-w-column gap-6 px-4 py-10">
      <Skeleton shape="card" count={2} label={t('loading')} />
    </div>
  )
}
