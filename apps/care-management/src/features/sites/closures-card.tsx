'use client'
import type { Location } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import type { Closure } from '@openward/scheduling'
import { withSite } from '@openward/scheduling'
import { Button } from '@openward/ui/button'
import { Card } from '@openward/ui/card'
import { ConfirmDialog } from '@openward/ui/confirm-dialog'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { AddClosure } from './add-closure.tsx'
import { closuresAhead, todayAt, useClosureDays } from './closure-words.ts'
import { readableSite } from './site-values.ts'

function isSame(a: Closure, b: Closure): boolean {
  return a.startDate === b.startDate && a.endDate === b.endDate && a.reason === b.reason
}

/** When the site is closed: planned closures, adding one under the calendar lock, opening again. */
export function ClosuresCard({ location }: { location: Versioned<Location> }) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const t = useTranslations('closures')
  const days = useClosureDays()
  const [target, setTarget] = useState<Closure>()
  const site = readableSite(location)
  const ahead = closuresAhead(site.closures, todayAt(site.timeZone))
  const remove = useMutation({
    mutationFn: (closure: Closure) => {
      const closures = site.closures.filter((one) => !isSame(one, closure))
      return fhir.update({ ...location, ...withSite(location, { ...site, closures }) } as Versioned<Location>)
    },
    onSettled: async () => {
      setTarget(undefined)
      await queryClient.invalidateQueries({ queryKey: directoryQueries.all })
    },
  })
  if (site.timeZone === '') return <Card title={t('title')}>{t('needsZone')}</Card>
  return (
    <Card title={t('title')}>
      {ahead.length === 0 ? (
        <p className="text-ink-soft">{t('none')}</p>
      ) : (
        <ul className="divide-y divide-line">
          {ahead.map((closure) => (
            <li
              key={`${closure.startDate}${closure.endDate}${closure.reason ?? ''}`}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2"
            >
              <span className="min-w-0">
                <span className="font-semibold">{days(closure)}</span>
                <span className="block text-ink-soft">{closure.reason ?? t('noReason')}</span>
              </span>
              <Button
                variant="quiet"
                size="small"
                onPress={() => setTarget(closure)}
                aria-label={t('openNamed', { days: days(closure) })}
              >
                {t('open')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {remove.error && (
        <div className="mt-3">
          <QueryError
            error={remove.error}
            onRetry={() =>
              queryClient.invalidateQueries({ queryKey: directoryQueries.all }).then(() => remove.reset())
            }
          />
        </div>
      )}
      <AddClosure locationId={location.id} timeZone={site.timeZone} />
      <ConfirmDialog
        title={t('openTitle', { days: target ? days(target) : '' })}
        isOpen={target !== undefined}
        onClose={() => setTarget(undefined)}
        onConfirm={() => target && remove.mutate(target)}
        confirmLabel={t('openConfirm')}
        isPending={remove.isPending}
      >
        <p>{t('openBody')}</p>
      </ConfirmDialog>
    </Card>
  )
}
