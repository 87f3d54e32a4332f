import { act, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { AppFrame } from './app-frame.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { Countdown } from './countdown.tsx'
import { DataTable, type DataTableSort } from './data-table.tsx'
import { PageHeading } from './page-heading.tsx'
import { PersonBanner } from './person-banner.tsx'
import { StepHeading } from './step-heading.tsx'
import { renderWithWords } from './testing/render.tsx'
import { TimeList } from './time-list.tsx'

afterEach(() => {
  vi.useRealTimers()
})

test('a countdown is silent but for five minutes, one minute and its end', () => {
  vi.useFakeTimers({ now: new Date('2026-03-03T12:00:00Z') })
  const onExpire = vi.fn<() => void>()
  renderWithWords(<Countdown endsAt="2026-03-03T12:10:00Z" label="Held for" onExpire={onExpire} />)
  const pass = (seconds: number) => {
    act(() => {
      vi.advanceTimersByTime(seconds * 1000)
    })
  }
  const said = () => screen.getByRole('status').textContent
  expect(screen.getByRole('timer').textContent).toBe('Held for 10:00')
  expect(said()).toBe('')
  pass(299)
  expect(said()).toBe('')
  pass(1)
  expect(said()).toBe('Less than 5 minutes left')
  pass(240)
  expect(said()).toBe('Less than 1 minute left')
  expect(onExpire).not.toHaveBeenCalled()
  pass(60)
  expect(said()).toBe('The time is up')
  pass(5)
  expect(onExpire).toHaveBeenCalledTimes(1)
})

test('the heading takes the focus when the step changes, not on the first load', () => {
  const { rerender } = renderWithWords(
    <StepHeading step={1} of={3}>
      Say what it is about
    </StepHeading>,
  )
  expect(document.activeElement).toBe(document.body)
  rerender(
    <StepHeading step={2} of={3}>
      Pick a time
    </StepHeading>,
  )
  expect(document.activeElement).toBe(
    screen.getByRole('heading', { level: 1, name: /Step 2 of 3.*Pick a time/ }),
  )
})

test('the heading of the next page takes the focus', () => {
  renderWithWords(<PageHeading>Your visits</PageHeading>)
  expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1, name: 'Your visits' }))
})

test('times are grouped by part of the day at the place and chosen by their name', async () => {
  const onSelect = vi.fn<(value: string) => void>()
  renderWithWords(
    <TimeList
      locale="en"
      timeZone="America/Denver"
      selected="b"
      onSelect={onSelect}
      options={[
        { id: 'a', startsAt: '2026-03-03T16:00:00Z' },
        { id: 'b', startsAt: '2026-03-03T21:30:00Z' },
      ]}
    />,
  )
  const morning = within(screen.getByRole('region', { name: /Morning/ }))
  await userEvent.click(morning.getByRole('button', { name: '9:00 am' }))
  expect(onSelect).toHaveBeenCalledWith('a')
  expect(screen.getByRole('button', { name: '2:30 pm', pressed: true })).toBeTruthy()
  expect(screen.queryByRole('region', { name: /Evening/ })).toBeNull()
})

test('a person banner names whom it is about and leaves out what is not recorded', () => {
  renderWithWords(
    <PersonBanner
      context="You are booking for"
      name="Tomás Vega"
      facts={['9 years', undefined, 'your son']}
      isOther
    />,
  )
  const banner = screen.getByRole('complementary', { name: 'You are booking for' })
  expect(banner.textContent).toContain('Tomás Vega')
  expect(banner.textContent).toContain('9 years · your son')
})

test('a question must be answered with a verb, and starts on neither', async () => {
  const onConfirm = vi.fn<() => void>()
  const onClose = vi.fn<() => void>()
  renderWithWords(
    <ConfirmDialog
      title="Cancel this visit?"
      isOpen
      onClose={onClose}
      onConfirm={onConfirm}
      confirmLabel="Cancel the visit"
      closeLabel="Keep it"
      isDangerous
    >
      Tue 3 Mar, 2:30 pm
    </ConfirmDialog>,
  )
  const user = userEvent.setup()
  expect(screen.getByRole('alertdialog', { name: 'Cancel this visit?' })).toBeTruthy()
  await user.keyboard('{Enter}')
  expect(onConfirm).not.toHaveBeenCalled()
  await user.keyboard('{Escape}')
  expect(onClose).not.toHaveBeenCalled()
  await user.click(screen.getByRole('button', { name: 'Cancel the visit' }))
  expect(onConfirm).toHaveBeenCalledTimes(1)
})

test('a table names its rows, sorts by its headers and opens a row with Enter', async () => {
  const onSort = vi.fn<(sort: DataTableSort) => void>()
  const onRowAction = vi.fn<(value: string) => void>()
  renderWithWords(
    <DataTable
      label="My panel"
      rows={[{ id: 'a', name: 'Aaliyah Okafor' }]}
      rowId={(row) => row.id}
      onSort={onSort}
      onRowAction={onRowAction}
      columns={[{ id: 'name', header: 'Name', isRowHeader: true, isSortable: true, cell: (row) => row.name }]}
    />,
  )
  const user = userEvent.setup()
  await user.click(screen.getByRole('columnheader', { name: 'Name' }))
  expect(onSort).toHaveBeenCalledWith({ column: 'name', direction: 'ascending' })
  screen.getByRole('row', { name: 'Aaliyah Okafor' }).focus()
  await user.keyboard('{Enter}')
  expect(onRowAction).toHaveBeenCalledWith('a')
})

test('the frame offers a way past it and marks the current page', () => {
  renderWithWords(
    <AppFrame
      layout="staff"
      brand="Openward"
      homeHref="/panel"
      nav={[
        { href: '/panel', label: 'My panel', icon: null },
        { href: '/tasks', label: 'Tasks', icon: null },
      ]}
      currentPath="/panel/p1"
      words={{ skip: 'Skip to the content', navigation: 'Main' }}
    >
      content
    </AppFrame>,
  )
  expect(screen.getByRole('link', { name: 'Skip to the content' }).getAttribute('href')).toBe('#main')
  expect(screen.getByRole('main').id).toBe('main')
  expect(screen.getByRole('link', { name: 'My panel', current: 'page' })).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Tasks' }).ariaCurrent).toBeNull()
})
