'use client'
import { addressLines } from '@openward/ui/address'
import { formatTimeRange, formatZone } from '@openward/ui/format'
import { PhoneLink } from '@openward/ui/phone-link'
import { StatusTag, type StatusTone } from '@openward/ui/status-tag'
import { useLocale, useTranslations } from 'next-intl'
import type { HomeVisit, VisitState } from './home-visit.ts'

const TONES: Record<VisitState, StatusTone> = {
  proposed: 'pending',
  pending: 'pending',
  booked: 'neutral',
  arrived: 'attention',
  'checked-in': 'attention',
  fulfilled: 'done',
  cancelled: 'stopped',
  noshow: 'danger',
  waitlist: 'pending',
  'entered-in-error': 'stopped',
}

/** One visit: when, to whom, where, and how it stands. */
export function VisitRow({ visit, showsClinician }: { visit: HomeVisit; showsClinician: boolean }) {
  const t = useTranslations('today')
  const locale = useLocale()
  const zone = { locale, timeZone: visit.timeZone }
  const lines = addressLines(visit.address as Parameters<typeof addressLines>[0])
  return (
    <li className="grid gap-x-6 gap-y-1 px-4 py-3 sm:grid-cols-[11rem_minmax(0,1fr)_minmax(0,1fr)_9rem]">
      <p>
        <span className="tabular block font-semibold">
          {formatTimeRange(visit.startsAt, visit.endsAt, zone)}
        </span>
        <span className="text-sm text-ink-soft">{formatZone(zone)}</span>
      </p>
      <p>
        <bdi dir="auto" className="block font-semibold">
          {visit.patientName || t('nameHidden')}
        </bdi>
        {showsClinician && (
          <span className="text-sm text-ink-soft">
            {visit.clinicianName ? t('by', { name: visit.clinicianName }) : t('noClinician')}
          </span>
        )}
      </p>
      <div>
        {lines.length === 0 ? (
          <p className="text-ink-soft">{t('noAddress')}</p>
        ) : (
          <address className="not-italic">
            {lines.map((line) => (
              <span key={line} className="block">
                {line}
              </span>
            ))}
          </address>
        )}
        {visit.phone && <PhoneLink number={visit.phone} />}
      </div>
      <div className="sm:text-end">
        <StatusTag tone={TONES[visit.state]}>{t(`states.${visit.state}`)}</StatusTag>
      </div>
    </li>
  )
}
