'use client'
import type { Slot } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { unblockParameters } from '@openward/scheduling'
import { Button } from '@openward/ui/button'
import { Card } from '@openward/ui/card'
import { ConfirmDialog } from '@openward/ui/confirm-dialog'
import { Skeleton } from '@openward/ui/skeleton'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { AddLeave } from './add-leave.tsx'
import { useLeaveWords } from './leave-words.ts'
import { calendarId, leaveQueries } from './leave.queries.ts'

export type LeaveCardProps = {
  practitionerId: string
  /** Of the clinician's first site: leave is entered and shown in its time. */
  timeZone: string
}

function LeaveList({
  slots,
  timeZone,
  onEnd,
}: {
  slots: readonly Versioned<Slot>[]
  timeZone: string
  onEnd: (slot: Versioned<Slot>) => void
}) {
  const t = useTranslations('leave')
  const when = useLeaveWords(timeZone)
  if (slots.length === 0) return <p className="text-ink-soft">{t('none')}</p>
  return (
    <ul className="divide-y divide-line">
      {slots.map((slot) => (
        <li key={slot.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
          <span className="min-w-0">
            <span className="font-semibold">{when(slot)}</span>
            <span className="block text-ink-soft">{slot.comment ?? t('noComment')}</span>
          </span>
          <Button
            variant="quiet"
            size="small"
            onPress={() => onEnd(slot)}
            aria-label={t('endNamed', { when: when(slot) })}
          >
            {t('end')}
          </Button>
        </li>
      ))}
    </ul>
  )
}

/** When a clinician is away: leave that is entered, adding and ending it under the calendar lock. */
export function LeaveCard({ practitionerId, timeZone }: LeaveCardProps) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const t = useTranslations('leave')
  const when = useLeaveWords(timeZone)
  const [target, setTarget] = useState<Versioned<Slot>>()
  const query = leaveQueries.of(fhir, practitionerId)
  const { data, error, refetch, isFetching } = useQuery(query)
  const end = useMutation({
    mutationFn: (slot: Versioned<Slot>) =>
      fhir.operation({
        type: 'Schedule',
        id: slot.schedule.reference?.replace('Schedule/', '') ?? calendarId(practitionerId),
        name: '$unblock',
        parameters: unblockParameters({ slot: `Slot/${slot.id}` }),
      }),
    onSettled: async () => {
      setTarget(undefined)
      await queryClient.invalidateQueries({ queryKey: query.queryKey })
    },
  })
  return (
    <Card title={t('title')}>
      {error && !data && <QueryError error={error} onRetry={refetch} isRetrying={isFetching} />}
      {!data && !error && <Skeleton shape="row" count={2} label={t('loading')} />}
      {data && <LeaveList slots={data.slots} timeZone={timeZone} onEnd={setTarget} />}
      {end.error && (
        <div className="mt-3">
          <QueryError error={end.error} onRetry={() => end.variables && end.mutate(end.variables)} />
        </div>
      )}
      {data && (
        <AddLeave
          practitionerId={practitionerId}
          calendarId={data.calendar?.id ?? calendarId(practitionerId)}
          timeZone={timeZone}
        />
      )}
      <ConfirmDialog
        title={t('endTitle', { when: target ? when(target) : '' })}
        isOpen={target !== undefined}
        onClose={() => setTarget(undefined)}
        onConfirm={() => target && end.mutate(target)}
        confirmLabel={t('endConfirm')}
        isPending={end.isPending}
      >
        <p>{t('endBody')}</p>
      </ConfirmDialog>
    </Card>
  )
}
