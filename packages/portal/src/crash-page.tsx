'use client'
import { buttonClass } from '@openward/ui/button-class'
import { useSyncExternalStore } from 'react'
import english from '../messages/en.json'
import spanish from '../messages/es.json'

const subscribe = () => () => undefined

/**
 * What a portal shows when a page fails: the body of its `error.tsx` and `global-error.tsx`. Needs no provider and
 * loads no component library, so that it also stands when those are what failed.
 */
export function CrashPage({ digest, onRetry }: { digest?: string | undefined; onRetry: () => void }) {
  const language = useSyncExternalStore(
    subscribe,
    () => document.documentElement.lang,
    () => 'en',
  )
  const words = (language === 'es' ? spanish : english).portal.crash
  return (
    <main id="main" className="mx-auto max-w-column px-4 py-16">
      <h1 className="text-2xl">{words.title}</h1>
      <p className="mt-3">{words.body}</p>
      <button type="button" onClick={onRetry} className={buttonClass('primary', 'regular', 'mt-6')}>
        {words.retry}
      </button>
      {digest && (
        <p className="mt-6 text-sm text-ink-soft">
          {words.code} <code>{digest}</code>
        </p>
      )}
    </main>
  )
}
