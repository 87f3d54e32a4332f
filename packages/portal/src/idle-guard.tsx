'use client'
import { useIdleSignOut } from '@openward/auth'
import dynamic from 'next/dynamic'
import { useForgetPatient } from './use-forget-patient.ts'

const IdleDialog = dynamic(async () => (await import('./idle-dialog.tsx')).IdleDialog, { ssr: false })

const MINUTE_MS = 60_000
const WARN_MS = 2 * MINUTE_MS

/** Signs out a person who has left (patients after 20 minutes, staff after 15), asked two minutes before. */
export function IdleGuard({ idleMinutes }: { idleMinutes: number }) {
  const { signsOutAt, stay } = useIdleSignOut({
    idleMs: idleMinutes * MINUTE_MS,
    warnMs: WARN_MS,
    beforeSignOut: useForgetPatient(),
  })
  return signsOutAt ? <IdleDialog signsOutAt={signsOutAt} onStay={stay} /> : null
}
