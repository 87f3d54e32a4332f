import type { Page } from '@playwright/test'
import { Temporal } from 'temporal-polyfill'

import { dayAt, openDay, timeButton } from '../../booking.ts'
import { expect, expectAccessible, expectSettled, test } from '../../fixtures.ts'
import { busyTimesOf, recordClient } from '../../record.ts'

/** Types a date into its parts, as a person does; the parts are month, day, year. */
async function typeDate(page: Page, label: string, date: string) {
  const { month, day, year } = Temporal.PlainDate.from(date)
  await page.getByRole('spinbutton', { name: new RegExp(`^month, ${label}`) }).focus()
  await page.keyboard.type(`${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}${year}`)
}

test('a longer visit set by an administrator shows in the openings of patients at once', async ({
  page,
  openAs,
  signInAs,
  clinic,
}) => {
  const date = dayAt(clinic, 3)
  await signInAs('administrator', '/care')
  const patient = await openAs(clinic.patient.account, '/patient')
  await openDay(patient, clinic, date)
  await expect(timeButton(patient, '5:30 pm')).toBeVisible()

  await page.goto(`/care/setup/services/${clinic.service.id}`)
  await expectSettled(page)
  await expectAccessible(page)
  const length = page.getByRole('textbox', { name: /^Length of the visit/ })
  await expect(length).toHaveValue('30')
  await length.fill('60')
  await length.press('Tab')
  await page.getByRole('button', { name: 'Save the service' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()

  await patient.reload()
  await expect(timeButton(patient, '5:00 pm')).toBeVisible()
  await expect(timeButton(patient, '5:30 pm')).toHaveCount(0)
  const stored = await recordClient().read('HealthcareService', clinic.service.id)
  expect(JSON.stringify(stored.extension)).toContain('{"url":"durationMinutes","valueInteger":60}')
})

test('leave entered by an administrator takes that day away from patients at once', async ({
  page,
  openAs,
  signInAs,
  clinic,
}) => {
  const date = dayAt(clinic, 4)
  await signInAs('administrator', '/care')
  const patient = await openAs(clinic.patient.account, '/patient')
  await openDay(patient, clinic, date)
  await expect(timeButton(patient, '9:00 am')).toBeVisible()

  await page.goto(`/care/setup/clinicians/${clinic.clinician.id}`)
  await expectSettled(page)
  await typeDate(page, 'First day', date)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Enter the leave' }).click()
  await expect(page.getByText(/^Leave entered:/)).toBeVisible()

  await patient.reload()
  await expect(patient.getByRole('region').getByRole('status')).toBeVisible()
  await expect(timeButton(patient, '9:00 am')).toHaveCount(0)
  await openDay(patient, clinic, dayAt(clinic, 5))
  await expect(timeButton(patient, '9:00 am')).toBeVisible()
  expect((await busyTimesOf(clinic.clinician.id)).map(({ status }) => status)).toEqual(['busy-unavailable'])
})

test('a site that an administrator closes for a day is not offered on that day', async ({
  page,
  openAs,
  signInAs,
  clinic,
}) => {
  const date = dayAt(clinic, 4)
  await signInAs('administrator', '/care')
  const patient = await openAs(clinic.patient.account, '/patient')
  await openDay(patient, clinic, date)
  await expect(timeButton(patient, '9:00 am')).toBeVisible()

  await page.goto(`/care/setup/sites/${clinic.site.id}`)
  await expectSettled(page)
  await typeDate(page, 'First day closed', date)
  await page.getByLabel('Reason').fill('Public holiday')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Close the site' }).click()
  await expect(page.getByText(/^Closed on/).first()).toBeVisible()

  await patient.reload()
  await expectSettled(patient)
  await expect(timeButton(patient, '9:00 am')).toHaveCount(0)
  await openDay(patient, clinic, dayAt(clinic, 5))
  await expect(timeButton(patient, '9:00 am')).toBeVisible()
})

test('setup is refused in words to staff who are not administrators', async ({ page, signInAs, clinic }) => {
  await signInAs('scheduler', '/care')
  await page.goto(`/care/setup/services/${clinic.service.id}`)
  await expect(page.getByText('Setup is for administrators').first()).toBeVisible()
  await expectAccessible(page)
  await expect(page.getByRole('button', { name: 'Save the service' })).toHaveCount(0)
})
