// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { renderScreen } from '#/lib/testing/render.tsx'

import { DaysList } from './days-list.tsx'

const days = new Map([
  ['2026-03-04', { openings: 1 }],
  ['2026-03-03', { openings: 4 }],
  ['2026-03-05', { openings: 0 }],
])

test('each day with openings is a button that says weekday, date and openings, in order', () => {
  renderScreen(
    <DaysList days={days} selected={undefined} onSelect={() => undefined}>
      times
    </DaysList>,
  )
  const names = screen.getAllByRole('button').map((button) => button.textContent)
  expect(names[0]).toMatch(/^Tuesday 3 March.*, 4 openings$/)
  expect(names[1]).toMatch(/^Wednesday 4 March.*, 1 opening$/)
  expect(names).toHaveLength(2)
})

test('a day opens and closes by keyboard and says which it is', async () => {
  const onSelect = vi.fn<(date: string | undefined) => void>()
  renderScreen(
    <DaysList days={days} selected="2026-03-03" onSelect={onSelect}>
      <p>9:00 am</p>
    </DaysList>,
  )
  const open = screen.getByRole('button', { name: /3 March/ })
  const closed = screen.getByRole('button', { name: /4 March/ })
  expect(open.getAttribute('aria-expanded')).toBe('true')
  expect(closed.getAttribute('aria-expanded')).toBe('false')
  await userEvent.tab()
  await userEvent.keyboard('{Enter}')
  expect(onSelect).toHaveBeenLastCalledWith(undefined)
  await userEvent.tab()
  await userEvent.keyboard(' ')
  expect(onSelect).toHaveBeenLastCalledWith('2026-03-04')
})
