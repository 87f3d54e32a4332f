'use client'
import { Notice } from '@openward/ui/notice'
import { useTranslations } from 'next-intl'
import { useEffect, useSyncExternalStore } from 'react'

function subscribe(onChange: () => void): () => void {
  window.addEventListener('online', onChange)
  window.addEventListener('offline', onChange)
  return () => {
    window.removeEventListener('online', onChange)
    window.removeEventListener('offline', onChange)
  }
}

/** Keeps the page when a link cannot open: the browser would replace it, and what was typed, by its own error page. */
function holdLinks(event: MouseEvent): void {
  const anchor = event.target instanceof Element ? event.target.closest('a[href]') : null
  if (!(anchor instanceof HTMLAnchorElement) || anchor.origin !== window.location.origin) return
  event.preventDefault()
  event.stopPropagation()
}

/** Says that there is no connection, and holds links back until there is one again. */
export function OfflineNotice() {
  const t = useTranslations('offline')
  const isOnline = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  )
  useEffect(() => {
    if (isOnline) return
    document.addEventListener('click', holdLinks, true)
    return () => document.removeEventListener('click', holdLinks, true)
  }, [isOnline])
  if (isOnline) return null
  return (
    <div className="mb-6">
      <Notice tone="attention" title={t('title')} isLive>
        {t('body')}
      </Notice>
    </div>
  )
}
