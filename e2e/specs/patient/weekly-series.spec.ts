import { Temporal } from 'temporal-polyfill'
import type { Page } from '@playwright/test'

import { dayAt, instantAt, inWords, openDay, personPath, timeButton } from '../../booking.ts'
import { expect, expectAccessible, test } from '../../fixtures.ts'
import { appointmentsOf, blockTime, bookedOf } from '../../record.ts'
import type { Clinic } from '../../seed.ts'

function weekly(clinic: Clinic, count: number): string[] {
  const first = Temporal.PlainDate.from(dayAt(clinic, 3))
  return Array.from({ length: count }, (_, index) => first.add({ weeks: index }).toString())
}

const iso = (time: number) => new Date(time).toISOString()

/** Books weekly visits at nine; gives back their ids in order. */
async function bookSeries(page: Page, clinic: Clinic, dates: string[]): Promise<string[]> {
  await checkSeries(page, clinic, dates)
  await page.getByRole('button', { name: `Book ${dates.length} visits` }).click()
  await expect(
    page.getByRole('heading', { level: 1, name: `Your ${dates.length} visits are booked` }),
  ).toBeVisible()
  const booked = await bookedOf(clinic.patient.id)
  expect(booked.map(({ start }) => Date.parse(start ?? ''))).toEqual(
    dates.map((date) => instantAt(clinic, date, '09:00')),
  )
  return booked.map(({ id }) => id)
}

async function checkSeries(page: Page, clinic: Clinic, dates: string[]) {
  await openDay(page, clinic, dates[0]!)
  await page.getByText('More choices').click()
  await page.getByText('Repeat this visit every week').click()
  const count = page.getByLabel('How many visits')
  await count.selectOption(String(dates.length))
  await expect(count).toHaveValue(String(dates.length))
  await timeButton(page, '9:00 am').click()
  await expect(page.getByRole('heading', { level: 1, name: 'Check your weekly visits' })).toBeVisible()
}

async function cancel(page: Page, clinic: Clinic, visitId: string, scope: string, button: string) {
  await page.goto(personPath(clinic.patient.id, `/visits/${visitId}/cancel`))
  await page.getByRole('radio', { name: 'I feel better' }).check({ force: true })
  await page.getByRole('radio', { name: scope }).check({ force: true })
  await page.getByRole('button', { name: button }).click()
  await expect(page.getByText('Cancelled by you')).toBeVisible()
}

test('a weekly date that fails is named, chosen about, and the rest is booked', async ({
  page,
  signInAs,
  clinic,
}) => {
  const dates = weekly(clinic, 4)
  const away = dates[2]!
  await blockTime(
    clinic.clinician.id,
    iso(instantAt(clinic, away, '08:30')),
    iso(instantAt(clinic, away, '10:00')),
  )
  await signInAs(clinic.patient.account, '/patient')
  await checkSeries(page, clinic, dates)
  await expect(page.getByText('1 date does not work')).toBeVisible()
  const failing = page.getByRole('listitem').filter({ hasText: inWords(away) })
  await expect(failing).toContainText('The clinician is away then')
  await expect(page.getByRole('button', { name: 'Book 3 visits' })).toBeVisible()
  await expectAccessible(page)
  const choice = page.getByLabel(`What to do on ${inWords(away)}`)
  const other = choice.getByRole('option', { name: /instead$/ }).first()
  await choice.selectOption((await other.getAttribute('value'))!)
  await page.getByRole('button', { name: 'Book 4 visits' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Your 4 visits are booked' })).toBeVisible()
  await expectAccessible(page)
  const booked = await bookedOf(clinic.patient.id)
  expect(booked).toHaveLength(4)
  const starts = booked.map(({ start }) => Date.parse(start ?? ''))
  for (const date of dates.filter((one) => one !== away))
    expect(starts).toContain(instantAt(clinic, date, '09:00'))
  expect(starts).not.toContain(instantAt(clinic, away, '09:00'))
})

test('cancelling one, then this and the following, then all of a series leaves exactly the others', async ({
  page,
  signInAs,
  clinic,
}) => {
  const dates = weekly(clinic, 5)
  await signInAs(clinic.patient.account, '/patient')
  const [first, second, third, fourth, fifth] = (await bookSeries(page, clinic, dates)) as [
    string,
    string,
    string,
    string,
    string,
  ]
  const left = async () => (await bookedOf(clinic.patient.id)).map(({ id }) => id)

  await cancel(page, clinic, second, 'Only this visit', 'Cancel the visit')
  expect(await left()).toEqual([first, third, fourth, fifth])
  await cancel(page, clinic, fourth, 'This and all later visits', 'Cancel these visits')
  expect(await left()).toEqual([first, third])
  await cancel(page, clinic, third, 'All visits of the series that are still to come', 'Cancel all of them')
  expect(await left()).toEqual([])
  expect(await appointmentsOf(clinic.patient.id)).toHaveLength(5)
})

test('moving one visit of a series leaves the others where they were', async ({ page, signInAs, clinic }) => {
  const dates = weekly(clinic, 3)
  await signInAs(clinic.patient.account, '/patient')
  const [, second] = await bookSeries(page, clinic, dates)
  const date = dates[1]!
  const query = `moves=${second}&day=${date}&month=${date.slice(0, 7)}`
  await page.goto(personPath(clinic.patient.id, `/book/${clinic.service.id}?${query}`))
  await expect(page.getByText(/you choose whether the other visits of the series move too/)).toBeVisible()
  await timeButton(page, '3:00 pm').click()
  await page.getByRole('button', { name: 'Move the visit' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Your visit has moved' })).toBeVisible()
  const starts = (await bookedOf(clinic.patient.id)).map(({ start }) => Date.parse(start ?? ''))
  expect(starts).toEqual([
    instantAt(clinic, dates[0]!, '09:00'),
    instantAt(clinic, date, '15:00'),
    instantAt(clinic, dates[2]!, '09:00'),
  ])
})

test('moving this and the later visits shows each date first and keeps the day and the clock of each', async ({
  page,
  signInAs,
  clinic,
}) => {
  const dates = weekly(clinic, 3)
  await signInAs(clinic.patient.account, '/patient')
  const [, second] = await bookSeries(page, clinic, dates)
  const date = dates[1]!
  const query = `moves=${second}&day=${date}&month=${date.slice(0, 7)}`
  await page.goto(personPath(clinic.patient.id, `/book/${clinic.service.id}?${query}`))
  await timeButton(page, '3:00 pm').click()
  await page.getByRole('radio', { name: /^This and all later visits/ }).check({ force: true })
  const changes = page.getByRole('region', { name: 'What will change' }).getByRole('listitem')
  await expect(changes).toHaveCount(2)
  await expect(changes.last()).toContainText('3:00 pm')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Move 2 visits' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Your 2 visits have moved' })).toBeVisible()
  const starts = (await bookedOf(clinic.patient.id)).map(({ start }) => Date.parse(start ?? ''))
  expect(starts).toEqual([
    instantAt(clinic, dates[0]!, '09:00'),
    instantAt(clinic, date, '15:00'),
    instantAt(clinic, dates[2]!, '15:00'),
  ])
})

test('a later visit that cannot move is named with its reason, and none of them moves', async ({
  page,
  signInAs,
  clinic,
}) => {
  const dates = weekly(clinic, 3)
  await signInAs(clinic.patient.account, '/patient')
  const [first] = await bookSeries(page, clinic, dates)
  await blockTime(
    clinic.clinician.id,
    iso(instantAt(clinic, dates[2]!, '14:30')),
    iso(instantAt(clinic, dates[2]!, '16:00')),
  )
  const date = dates[0]!
  const query = `moves=${first}&day=${date}&month=${date.slice(0, 7)}`
  await page.goto(personPath(clinic.patient.id, `/book/${clinic.service.id}?${query}`))
  await timeButton(page, '3:00 pm').click()
  await page.getByRole('radio', { name: /^All visits/ }).check({ force: true })
  await page.getByRole('button', { name: 'Move 3 visits' }).click()
  await expect(page.getByText('1 date does not work. Nothing was moved.')).toBeVisible()
  const changes = page.getByRole('region', { name: 'What will change' }).getByRole('listitem')
  await expect(changes.last()).toContainText('The clinician is away then')
  const starts = (await bookedOf(clinic.patient.id)).map(({ start }) => Date.parse(start ?? ''))
  expect(starts).toEqual(dates.map((one) => instantAt(clinic, one, '09:00')))
})
