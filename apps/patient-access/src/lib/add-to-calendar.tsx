'use client'
import { useToken } from '@openward/auth'
import { Button } from '@openward/ui/button'
import { CalendarPlus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'

/** Fetches the calendar file with the person's token and hands it to the browser: a plain link could not carry the token. */
export function AddToCalendar({ visitId, isCancelled }: { visitId: string; isCancelled?: boolean }) {
  const t = useTranslations('calendarFile')
  const token = useToken()
  const [state, setState] = useState<'idle' | 'pending' | 'failed'>('idle')

  async function handlePress() {
    setState('pending')
    try {
      const answer = await fetch(`/fhir/Appointment/${encodeURIComponent(visitId)}/$ics`, {
        headers: { authorization: `Bearer ${await token()}`, accept: 'text/calendar' },
        signal: AbortSignal.timeout(15_000),
        cache: 'no-store',
      })
      if (!answer.ok) {
        setState('failed')
        return
      }
      const address = URL.createObjectURL(await answer.blob())
      const anchor = document.createElement('a')
      anchor.href = address
      anchor.download = t('fileName')
      anchor.click()
      setTimeout(() => URL.revokeObjectURL(address), 10_000)
      setState('idle')
    } catch {
      setState('failed') // offline, timed out, or signed out: the words below say what to do
    }
  }

  return (
    <>
      <Button variant="secondary" onPress={() => void handlePress()} isPending={state === 'pending'}>
        <CalendarPlus aria-hidden />
        {t(isCancelled ? 'remove' : 'add')}
      </Button>
      {state === 'failed' && (
        <p role="alert" className="basis-full text-danger">
          {t('failed')}
        </p>
      )}
    </>
  )
}
