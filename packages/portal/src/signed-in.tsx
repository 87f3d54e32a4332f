'use client'
import { AuthProvider, type AuthProblem, RequireSignIn, useCaller } from '@openward/auth'
import type { AuthConfig } from '@openward/auth/config'
import { BrandMark } from '@openward/ui/brand-mark'
import { buttonClass } from '@openward/ui/button-class'
import { useTranslations } from 'next-intl'
import { type ReactNode, useEffect, useRef } from 'react'
import { useForgetPatient } from './use-forget-patient.ts'

function Waiting({ words }: { words: string }) {
  return (
    <main id="main" className="grid min-h-[60svh] place-content-center justify-items-center gap-4 p-6">
      <BrandMark className="size-10 animate-[skeleton_1.6s_ease-in-out_infinite]" />
      <output className="text-ink-soft">{words}</output>
    </main>
  )
}

/** Another person signed in within the same tab: nothing fetched for the last one may show. */
function ForgetOnChange({ children }: { children: ReactNode }) {
  const { sub } = useCaller()
  const forget = useForgetPatient()
  const last = useRef(sub)
  useEffect(() => {
    if (last.current === sub) return
    last.current = sub
    forget()
  }, [sub, forget])
  return children
}

/** Lets through who is signed in and sends everyone else to sign in, with words for the wait and for what may fail. */
export function SignedIn({ config, children }: { config: AuthConfig; children: ReactNode }) {
  const t = useTranslations('portal.auth')
  const labels = {
    waiting: t('waiting'),
    unreachableTitle: t('unreachableTitle'),
    unreachableText: t('unreachableText'),
    failedTitle: t('failedTitle'),
    failedText: t('failedText'),
    retry: t('retry'),
  }
  const renderProblem = ({ code, retry }: AuthProblem) => (
    <main id="main" className="mx-auto max-w-column px-4 py-16">
      <div role="alert">
        <h1 className="text-2xl">{code === 'unreachable' ? t('unreachableTitle') : t('failedTitle')}</h1>
        <p className="mt-3">{code === 'unreachable' ? t('unreachableText') : t('failedText')}</p>
      </div>
      <button type="button" onClick={retry} className={buttonClass('primary', 'regular', 'mt-6')}>
        {t('retry')}
      </button>
    </main>
  )
  const screens = { labels, waiting: <Waiting words={t('waiting')} />, renderProblem }
  return (
    <AuthProvider config={config} {...screens}>
      <RequireSignIn {...screens}>
        <ForgetOnChange>{children}</ForgetOnChange>
      </RequireSignIn>
    </AuthProvider>
  )
}
