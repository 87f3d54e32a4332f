import {
  bookTime,
  dayAt,
  downloadCalendarFile,
  instantAt,
  inWords,
  openDay,
  personPath,
  timeButton,
} from '../../booking.ts'
import { expect, expectAccessible, test } from '../../fixtures.ts'
import { appointmentsOf, bookedOf } from '../../record.ts'

test('a booked visit is listed, goes into a calendar, moves with its identity, and is cancelled with its reason', async ({
  page,
  signInAs,
  clinic,
}) => {
  const date = dayAt(clinic, 3)
  const path = (rest: string) => personPath(clinic.patient.id, rest)
  await signInAs(clinic.patient.account, '/patient')
  const visitId = await bookTime(page, clinic, date, '10:00 am')

  await page.goto(path('/visits'))
  const listed = page.getByRole('article')
  await expect(listed).toHaveCount(1)
  await expect(listed).toContainText(inWords(date))
  await expect(listed).toContainText('10:00')
  await expectAccessible(page)

  await page.goto(path(`/visits/${visitId}`))
  const first = await downloadCalendarFile(page)
  const stamp = (time: number) => new Date(time).toISOString().replaceAll(/[-:]|\.000/g, '')
  expect(first).toContain(`UID:${visitId}@openward.example`)
  expect(first).toContain('SEQUENCE:0')
  expect(first.join('\n')).toContain(`DTSTART:${stamp(instantAt(clinic, date, '10:00'))}`)
  for (const secret of [clinic.service.name, clinic.clinician.name, clinic.patient.name])
    expect(first.join('\n')).not.toContain(secret)

  await page.getByRole('link', { name: 'Move it' }).click()
  await expect(page.getByText(/^You are moving your visit of/)).toBeVisible()
  await openDay(page, clinic, date)
  await expect(timeButton(page, '10:00 am')).toHaveCount(0)
  await page.goto(path(`/book/${clinic.service.id}?moves=${visitId}&day=${date}&month=${date.slice(0, 7)}`))
  await timeButton(page, '2:30 pm').click()
  await expect(page.getByRole('heading', { level: 1, name: /Check and move/ })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Move the visit' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Your visit has moved' })).toBeVisible()
  await expect(page.getByRole('time').first()).toContainText('2:30 to 3:00 pm')
  await expectAccessible(page)
  expect(page.url()).toContain(visitId)
  const [moved, ...others] = await bookedOf(clinic.patient.id)
  expect(others).toEqual([])
  expect(moved?.id).toBe(visitId)
  expect(Date.parse(moved?.start ?? '')).toBe(instantAt(clinic, date, '14:30'))
  const second = await downloadCalendarFile(page)
  expect(second).toContain(`UID:${visitId}@openward.example`)
  expect(second).toContain('SEQUENCE:1')

  await openDay(page, clinic, date)
  await expect(timeButton(page, '10:00 am')).toBeVisible()
  await expect(timeButton(page, '2:30 pm')).toHaveCount(0)

  await page.goto(path(`/visits/${visitId}`))
  await page.getByRole('link', { name: 'Cancel it' }).click()
  await page.getByRole('button', { name: 'Cancel the visit' }).click()
  await expect(page.getByText('Choose a reason. It helps the clinic plan.')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('radio', { name: 'I have no way to get there' }).check({ force: true })
  await page.getByRole('button', { name: 'Cancel the visit' }).click()
  await expect(page.getByText('Cancelled by you')).toBeVisible()
  await expect(page.getByText('Reason: no way to get there')).toBeVisible()
  await expectAccessible(page)
  const last = await downloadCalendarFile(page)
  expect(last).toContain('METHOD:CANCEL')
  expect(last).toContain(`UID:${visitId}@openward.example`)
  expect(last).toContain('SEQUENCE:2')

  await page.goto(path('/visits?show=cancelled'))
  await expect(page.getByRole('article')).toContainText('Cancelled by you')
  const stored = await appointmentsOf(clinic.patient.id)
  const cancelled = stored.find(({ id }) => id === visitId)
  expect(cancelled?.status).toBe('cancelled')
  expect(cancelled?.cancelationReason?.coding?.[0]?.code).toBe('pat-lt')
  await openDay(page, clinic, date)
  await expect(timeButton(page, '2:30 pm')).toBeVisible()
})
