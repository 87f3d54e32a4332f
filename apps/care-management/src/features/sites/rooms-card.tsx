'use client'
import type { Location } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Button } from '@openward/ui/button'
import { Card } from '@openward/ui/card'
import { StatusTag } from '@openward/ui/status-tag'
import { TextField } from '@openward/ui/text-field'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { useUnsaved } from '#/lib/unsaved-guard.tsx'
import { newRoom } from './site-values.ts'

export type RoomsCardProps = {
  siteId: string
  organizationId: string
  rooms: readonly Versioned<Location>[]
}

function useRoomChange() {
  const queryClient = useQueryClient()
  return { onSettled: () => queryClient.invalidateQueries({ queryKey: directoryQueries.all }) }
}

function RoomRow({ room }: { room: Versioned<Location> }) {
  const fhir = useFhirClient()
  const t = useTranslations('rooms')
  const isActive = room.status === 'active'
  const change = useMutation({
    mutationFn: () => fhir.update({ ...room, status: isActive ? 'inactive' : 'active' }),
    ...useRoomChange(),
  })
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
      <span className="min-w-0 font-semibold">{room.name}</span>
      <span className="flex items-center gap-3">
        <StatusTag tone={isActive ? 'done' : 'stopped'}>{isActive ? t('inUse') : t('notInUse')}</StatusTag>
        <Button
          variant="quiet"
          size="small"
          isPending={change.isPending}
          onPress={() => change.mutate()}
          aria-label={t(isActive ? 'stopNamed' : 'useNamed', { room: room.name ?? '' })}
        >
          {isActive ? t('stop') : t('use')}
        </Button>
      </span>
      {change.error && (
        <div className="basis-full">
          <QueryError error={change.error} onRetry={() => change.mutate()} />
        </div>
      )}
    </li>
  )
}

/** The rooms that visits at this site can need. */
export function RoomsCard({ siteId, organizationId, rooms }: RoomsCardProps) {
  const fhir = useFhirClient()
  const t = useTranslations('rooms')
  const [name, setName] = useState('')
  const [isMissing, setIsMissing] = useState(false)
  useUnsaved(name.trim() !== '')
  const add = useMutation({
    mutationFn: () => fhir.create(newRoom(siteId, organizationId, name)),
    onSuccess: () => setName(''),
    ...useRoomChange(),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsMissing(name.trim() === '')
    if (name.trim() !== '' && !add.isPending) add.mutate()
  }
  return (
    <Card title={t('title')}>
      {rooms.length === 0 ? (
        <p className="text-ink-soft">{t('none')}</p>
      ) : (
        <ul className="divide-y divide-line">
          {rooms.map((room) => (
            <RoomRow key={room.id} room={room} />
          ))}
        </ul>
      )}
      <form noValidate onSubmit={submit} className="mt-4 flex flex-wrap items-end gap-3">
        <TextField
          label={t('new')}
          value={name}
          onChange={setName}
          error={isMissing && name.trim() === '' ? t('nameMissing') : undefined}
        />
        <Button type="submit" variant="secondary" isPending={add.isPending}>
          {t('add')}
        </Button>
      </form>
      {add.error && (
        <div className="mt-3">
          <QueryError error={add.error} onRetry={() => add.mutate()} />
        </div>
      )}
    </Card>
  )
}
