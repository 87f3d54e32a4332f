import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { type CalendarDay, MonthCalendar } from './month-calendar.tsx'
import { renderWithWords } from './testing/render.tsx'

const year = new Date().getFullYear() + 1
const days = new Map<string, CalendarDay>([
  [`${year}-03-03`, { openings: 4 }],
  [`${year}-03-04`, { openings: 0, reason: 'closed for training' }],
  [`${year}-03-05`, { openings: 1 }],
])

function Picker({ locale, onChange }: { locale: string; onChange: (date: string) => void }) {
  const [value, setValue] = useState('')
  const [focused, setFocused] = useState(`${year}-03-03`)
  return (
    <MonthCalendar
      label="Day of your visit"
      days={days}
      locale={locale}
      value={value}
      onChange={(date) => {
        setValue(date)
        onChange(date)
      }}
      today={`${year}-03-03`}
      minDate={`${year}-03-01`}
      maxDate={`${year}-04-30`}
      focusedDate={focused}
      onFocusChange={setFocused}
    />
  )
}

test('each day says its openings in words, and why when there are none', () => {
  renderWithWords(<Picker locale="en" onChange={() => undefined} />)
  expect(screen.getByRole('button', { name: / 3 March.*, 4 openings$/ })).toBeTruthy()
  expect(screen.getByRole('button', { name: / 5 March.*, 1 opening$/ })).toBeTruthy()
  expect(screen.getByRole('button', { name: / 4 March.*, closed for training$/ }).ariaDisabled).toBe('true')
  expect(screen.getByRole('button', { name: / 6 March.*, no openings$/ }).ariaDisabled).toBe('true')
})

test('each day says its openings in Spanish', () => {
  renderWithWords(<Picker locale="es" onChange={() => undefined} />, 'es')
  expect(screen.getByRole('button', { name: / 3 de marzo.*, 4 horas libres$/ })).toBeTruthy()
})

test('a day is chosen by keyboard alone, and a day without openings is not', async () => {
  const onChange = vi.fn<(value: string) => void>()
  renderWithWords(<Picker locale="en" onChange={onChange} />)
  const user = userEvent.setup()
  screen.getByRole('button', { name: / 3 March/ }).focus()
  await user.keyboard('{ArrowRight}{Enter}')
  expect(onChange).not.toHaveBeenCalled()
  await user.keyboard('{ArrowRight}{Enter}')
  expect(onChange).toHaveBeenCalledWith(`${year}-03-05`)
})

test('today is the day it is told, wherever the viewer is', () => {
  renderWithWords(<Picker locale="en" onChange={() => undefined} />)
  expect(screen.getAllByRole('button', { name: /^Today, / })).toEqual([
    screen.getByRole('button', { name: /^Today, .* 3 March.*, 4 openings$/ }),
  ])
})
