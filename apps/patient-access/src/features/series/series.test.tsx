// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { renderScreen } from '#/lib/testing/render.tsx'

import { OccurrenceRow } from './occurrence-row.tsx'
import { chosenStarts, type Occurrence, occurrencesFrom, type Wish } from './series.ts'

const answer = {
  resourceType: 'Parameters' as const,
  parameter: [
    {
      name: 'occurrence',
      part: [
        { name: 'start', valueInstant: '2026-12-07T09:00:00-05:00' },
        { name: 'outcome', valueCode: 'free' },
      ],
    },
    {
      name: 'occurrence',
      part: [
        { name: 'start', valueInstant: '2026-12-14T09:00:00-05:00' },
        { name: 'outcome', valueCode: 'site-closed' },
        { name: 'alternative', valueInstant: '2026-12-15T09:00:00-05:00' },
      ],
    },
  ],
}
const occurrences = occurrencesFrom(answer)
const closed = occurrences[1] as Occurrence

test('a date that fails is left out until another time is chosen for it', () => {
  expect(chosenStarts(occurrences, new Map())).toEqual(['2026-12-07T09:00:00-05:00'])
  const wishes = new Map<string, Wish>([[closed.startsAt, { startsAt: '2026-12-15T09:00:00-05:00' }]])
  expect(chosenStarts(occurrences, wishes)).toEqual([
    '2026-12-07T09:00:00-05:00',
    '2026-12-15T09:00:00-05:00',
  ])
})

test('a free date can be skipped, and one time is never booked twice', () => {
  const wishes = new Map<string, Wish>([
    ['2026-12-07T09:00:00-05:00', 'skip'],
    [closed.startsAt, { startsAt: '2026-12-15T14:00:00Z' }],
  ])
  const again = [
    ...occurrences,
    { startsAt: '2026-12-15T09:00:00-05:00', outcome: 'free' as const, alternatives: [] },
  ]
  expect(chosenStarts(again, wishes)).toHaveLength(1)
})

test('an outcome we do not know is never taken for free', () => {
  const unknown = structuredClone(answer)
  unknown.parameter[0]!.part[1] = { name: 'outcome', valueCode: 'new-reason' }
  expect(occurrencesFrom(unknown)[0]?.outcome).toBe('not-bookable')
})

test('a date that fails says why and offers other times of that week', async () => {
  const onWish = vi.fn<(wish: Wish) => void>()
  renderScreen(
    <ul>
      <OccurrenceRow occurrence={closed} timeZone="America/New_York" wish={undefined} onWish={onWish} />
    </ul>,
  )
  expect(screen.getByText('The clinic is closed then')).toBeTruthy()
  const choice = screen.getByRole('combobox', { name: /What to do on Monday 14 December/ })
  expect((choice as HTMLSelectElement).value).toBe('skip')
  await userEvent.selectOptions(choice, screen.getByRole('option', { name: /Tue 15 Dec.*, 9:00 am/ }))
  expect(onWish).toHaveBeenCalledWith({ startsAt: '2026-12-15T09:00:00-05:00' })
})
