// @vitest-environment jsdom
import { EXTENSION } from '@openward/fhir-client'
import type { Scope } from '@openward/scheduling'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, test } from 'vitest'

import type { Refusal } from '#/lib/refusal.ts'
import { renderScreen } from '#/lib/testing/render.tsx'
import { type Visit, visitFrom } from '#/lib/visit.ts'

import { MoveScope } from './move-scope.tsx'
import { comingOfSeries, seriesMoves } from './series-moves.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')
const NEW_START = '2026-12-09T10:30:00-05:00'

function visit(id: string, start: string, series: string | undefined = 's'): Visit {
  return visitFrom(
    {
      resourceType: 'Appointment',
      id,
      status: 'booked',
      start,
      end: start,
      participant: [],
      extension: [
        { url: EXTENSION.timeZone, valueCode: 'America/New_York' },
        ...(series ? [{ url: EXTENSION.series, valueIdentifier: { value: series } }] : []),
      ],
    },
    new Map(),
  )
}

const first = visit('1', '2026-11-30T09:00:00-05:00')
const second = visit('2', '2026-12-07T09:00:00-05:00')
const third = visit('3', '2026-12-14T09:00:00-05:00')
const over = visit('0', '2026-11-16T09:00:00-05:00')
const elsewhere = visit('9', '2026-12-08T09:00:00-05:00', 'other')
const series = comingOfSeries(second, [over, third, elsewhere, first, second], NOW)
const closed: Refusal = {
  reason: 'site-closed',
  parameters: { start: third.startsAt },
  correlationId: undefined,
}

function Screen({ refusals = [] }: { refusals?: Refusal[] }) {
  const [scope, setScope] = useState<Scope>('this')
  return (
    <MoveScope
      original={second}
      series={series}
      newStart={NEW_START}
      scope={scope}
      onScope={setScope}
      refusals={scope === 'this' ? [] : refusals}
    />
  )
}

const rows = () => within(screen.getByRole('region', { name: 'What will change' })).getAllByRole('listitem')

test('only visits of the same series that are still to come move together', () => {
  expect(series.map(({ id }) => id)).toEqual(['1', '2', '3'])
  expect(comingOfSeries(visit('7', second.startsAt, undefined), [elsewhere], NOW)).toHaveLength(1)
})

test('each visit moves as many days and as much by the clock, and only the ones chosen', () => {
  const starts = (scope: Scope) =>
    seriesMoves(second, series, scope, NEW_START).map(({ toMs }) => new Date(toMs ?? 0).toISOString())
  expect(starts('this')).toEqual(['2026-12-09T15:30:00.000Z'])
  expect(starts('following')).toEqual(['2026-12-09T15:30:00.000Z', '2026-12-16T15:30:00.000Z'])
  expect(starts('all')).toHaveLength(3)
})

test('a person sees each date before and after, as soon as more than one visit is to move', async () => {
  renderScreen(<Screen />)
  expect(screen.getByRole('radio', { name: /Only this visit/ })).toHaveProperty('checked', true)
  expect(screen.queryByRole('region')).toBeNull()
  await userEvent.click(screen.getByRole('radio', { name: /This and all later visits.*2 visits/ }))
  expect(rows().map(({ textContent }) => textContent)).toEqual([
    'from Mon 7 Dec, 9:00 amto Wed 9 Dec, 10:30 am',
    'from Mon 14 Dec, 9:00 amto Wed 16 Dec, 10:30 am',
  ])
  await userEvent.click(screen.getByRole('radio', { name: /All visits.*3 visits/ }))
  expect(rows()).toHaveLength(3)
})

test('a date that fails says why, and that nothing was moved', async () => {
  renderScreen(<Screen refusals={[closed]} />)
  await userEvent.click(screen.getByRole('radio', { name: /All visits/ }))
  expect(rows()[2]?.textContent).toContain('The clinic is closed then')
  expect(rows()[1]?.textContent).not.toContain('closed')
  expect(screen.getByRole('status').textContent).toContain('1 date does not work. Nothing was moved.')
})

test('the choice is offered in Spanish', async () => {
  renderScreen(<Screen />, 'es')
  await userEvent.click(screen.getByRole('radio', { name: /Esta y todas las siguientes.*2 citas/ }))
  expect(screen.getByRole('region', { name: 'Lo que va a cambiar' })).toBeTruthy()
})
