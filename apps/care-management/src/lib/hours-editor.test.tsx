// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { afterEach, expect, test } from 'vitest'
import { withWords } from '#/testing/with-words.tsx'
import { EMPTY_WEEK, type WeekHours } from './hours.ts'
import { HoursEditor } from './hours-editor.tsx'

afterEach(() => {
  cleanup()
  seen.length = 0
})

const seen: WeekHours[] = []

/** The week as the form holds it now. */
function last(): WeekHours {
  return seen.at(-1) ?? EMPTY_WEEK
}

function Editor({ start, error }: { start: WeekHours; error?: string }) {
  const [value, setValue] = useState(start)
  const change = (week: WeekHours) => {
    seen.push(week)
    setValue(week)
  }
  return <HoursEditor label="Opening hours" value={value} onChange={change} error={error} />
}

function show(start: WeekHours, error?: string) {
  render(<Editor start={start} {...(error && { error })} />, { wrapper: withWords('en') })
  return userEvent.setup()
}

test('hours are added, copied to the other workdays and removed by the keyboard', async () => {
  const user = show(EMPTY_WEEK)
  screen.getByRole('button', { name: 'Add hours on Monday' }).focus()
  await user.keyboard('{Enter}')
  expect(last().mon).toEqual([{ start: '09:00', end: '17:00' }])
  screen.getByRole('button', { name: 'Copy to Tuesday to Friday' }).focus()
  await user.keyboard('{Enter}')
  expect([last().tue, last().fri, last().sat]).toEqual([last().mon, last().mon, []])
  screen.getByRole('button', { name: 'Remove hours 1 on Friday' }).focus()
  await user.keyboard('{Enter}')
  expect(last().fri).toEqual([])
  expect(last().tue).toEqual([{ start: '09:00', end: '17:00' }])
})

test('a time is typed into the field of its day', async () => {
  const user = show({ ...EMPTY_WEEK, wed: [{ start: '09:00', end: '17:00' }] })
  const field = screen.getByRole('group', { name: 'Wednesday, from' })
  const hour = field.querySelector<HTMLElement>('[role="spinbutton"]')
  hour?.focus()
  await user.keyboard('7')
  expect(last().wed).toEqual([{ start: '07:00', end: '17:00' }])
})

test('what is wrong is said at its time once the form was sent, and that a window ends the next day always', () => {
  const week = {
    ...EMPTY_WEEK,
    thu: [
      { start: '09:00', end: '12:00' },
      { start: '11:00', end: '14:00' },
    ],
    sat: [{ start: '22:00', end: '06:00' }],
  }
  show(week)
  expect(screen.queryByText('Overlaps other hours')).toBeNull()
  expect(screen.getByText('Ends the next day')).toBeDefined()
  cleanup()
  show(week, 'hours')
  expect(screen.getByText('Overlaps other hours')).toBeDefined()
})
