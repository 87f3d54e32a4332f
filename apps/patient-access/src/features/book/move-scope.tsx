'use client'
import type { Scope } from '@openward/scheduling'
import { dateAt, formatDate, formatTime, formatZone } from '@openward/ui/format'
import { Notice } from '@openward/ui/notice'
import { RadioGroupField } from '@openward/ui/radio-group-field'
import { ArrowRight, TriangleAlert } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'

import type { Refusal } from '#/lib/refusal.ts'
import { useRefusalWords } from '#/lib/refusal-words.ts'
import type { Visit } from '#/lib/visit.ts'

import { type SeriesMove, seriesMoves } from './series-moves.ts'

const SCOPES: readonly Scope[] = ['this', 'following', 'all']

export type MoveScopeProps = {
  original: Visit
  /** Every visit of the series that is still to come. */
  series: readonly Visit[]
  newStart: string
  scope: Scope
  onScope: (scope: Scope) => void
  /** Why the last try moved nothing; each names the date it is about by `start`. */
  refusals: readonly Refusal[]
}

function At({ instant, timeZone }: { instant: string; timeZone: string }) {
  const locale = useLocale()
  return (
    <time dateTime={instant} className="tabular">
      <span className="inline-block first-letter:uppercase">
        {formatDate(dateAt(instant, timeZone), { locale })},
      </span>{' '}
      <span className="whitespace-nowrap">{formatTime(instant, { locale, timeZone })}</span>
    </time>
  )
}

function MoveRow({ move, refusal }: { move: SeriesMove; refusal: Refusal | undefined }) {
  const t = useTranslations('reviewMove')
  const words = useRefusalWords()
  const { visit, toMs } = move
  const problem = refusal
    ? refusal.reason === 'taken'
      ? t('taken')
      : words(refusal, visit.timeZone).title
    : toMs === undefined
      ? t('clockSkips')
      : undefined
  return (
    <li className="py-3">
      <div className="grid grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)] items-center gap-3">
        <span className="text-ink-soft">
          <span className="sr-only">{t('from')} </span>
          <At instant={visit.startsAt} timeZone={visit.timeZone} />
        </span>
        <ArrowRight aria-hidden className="size-5 shrink-0 text-ink-soft rtl:-scale-x-100" />
        <span className="font-semibold">
          <span className="sr-only">{t('to')} </span>
          {toMs === undefined ? (
            t('noTime')
          ) : (
            <At instant={new Date(toMs).toISOString()} timeZone={visit.timeZone} />
          )}
        </span>
      </div>
      {problem && (
        <p className="mt-1 flex gap-2 text-attention">
          <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0" />
          {problem}
        </p>
      )}
    </li>
  )
}

/** How much of a weekly series moves, and what becomes of each date before anything is confirmed. */
export function MoveScope({ original, series, newStart, scope, onScope, refusals }: MoveScopeProps) {
  const t = useTranslations('reviewMove')
  const locale = useLocale()
  const moves = seriesMoves(original, series, scope, newStart)
  const refusalOf = (visit: Visit) =>
    refusals.find(({ parameters }) => Date.parse(parameters['start'] ?? '') === Date.parse(visit.startsAt))
  const failing = moves.filter(({ visit }) => refusalOf(visit) !== undefined).length
  return (
    <div className="mt-3 grid gap-6">
      <RadioGroupField
        label={t('scope')}
        value={scope}
        onChange={(value) => onScope(SCOPES.find((one) => one === value) ?? 'this')}
        options={SCOPES.map((one) => ({
          value: one,
          label: t(`scopes.${one}`),
          hint: t('visits', { count: seriesMoves(original, series, one, newStart).length }),
        }))}
      />
      {scope !== 'this' && (
        <section aria-labelledby="what-moves">
          <h2 id="what-moves" className="text-lg">
            {t('whatMoves')}
          </h2>
          <p className="mb-2 text-ink-soft">{formatZone({ locale, timeZone: original.timeZone })}</p>
          <ul className="divide-y divide-line border-y border-line">
            {moves.map((move) => (
              <MoveRow key={move.visit.id} move={move} refusal={refusalOf(move.visit)} />
            ))}
          </ul>
        </section>
      )}
      {failing > 0 && (
        <Notice tone="attention" title={t('nothingMoved', { count: failing })} isLive>
          {t('nothingMovedBody')}
        </Notice>
      )}
    </div>
  )
}
