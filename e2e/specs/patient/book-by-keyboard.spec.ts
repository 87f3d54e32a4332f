import type { Locator, Page } from '@playwright/test'

import { dayAt, inWords } from '../../booking.ts'
import { expect, expectAccessible, test } from '../../fixtures.ts'
import { bookedOf } from '../../record.ts'

/** Presses Tab until the element has the focus; a person with a keyboard has no other way. */
async function tabTo(page: Page, target: Locator) {
  await expect(target).toBeVisible()
  for (let step = 0; step < 60; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not reach ${String(target)}`)
}

async function press(page: Page, role: 'link' | 'button', name: string | RegExp) {
  await tabTo(page, page.getByRole(role, { name, exact: true }).first())
  await page.keyboard.press('Enter')
}

test('a patient gets from the landing page to a booked visit by keyboard alone', async ({ page, clinic }) => {
  const date = dayAt(clinic, 3)
  await page.goto('/patient')
  await expectAccessible(page)
  await press(page, 'link', 'Find care')

  await tabTo(page, page.getByLabel('Username'))
  await page.keyboard.type(clinic.patient.account)
  await tabTo(page, page.getByLabel('Password', { exact: true }))
  await expectAccessible(page)
  await page.keyboard.type('demo')
  await page.keyboard.press('Enter')

  await expect(page.getByRole('heading', { level: 1, name: 'Find care' })).toBeVisible()
  await tabTo(page, page.getByRole('searchbox', { name: 'What is it about?' }))
  await page.keyboard.type(clinic.service.name)
  await expect(page.getByRole('status').filter({ hasText: '1 result' })).toBeVisible()
  await expectAccessible(page)
  await press(page, 'link', `See times: ${clinic.service.name}`)

  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toContainText('Pick a day and time')
  await expect(heading).toBeFocused()
  await expectAccessible(page)
  await press(page, 'button', 'List')
  const day = new RegExp(`^${inWords(date)} ?, 20 openings$`)
  const isNextMonth = date.slice(0, 7) !== dayAt(clinic, 0).slice(0, 7)
  if (isNextMonth) await press(page, 'button', 'Later month')
  await press(page, 'button', day)
  await expectAccessible(page)
  await press(page, 'button', /^9:00 am/)

  await expect(heading).toContainText('Tell us what helps')
  await expect(heading).toBeFocused()
  await tabTo(page, page.getByLabel(/What is the visit about/))
  await page.keyboard.type('A yearly look')
  await expectAccessible(page)
  await press(page, 'button', 'Continue to check')

  await expect(heading).toContainText('Check and book')
  await expect(heading).toBeFocused()
  await expect(page.getByText('A yearly look')).toBeVisible()
  await expectAccessible(page)
  await press(page, 'button', 'Book this visit')

  await expect(heading).toHaveText('Your visit is booked')
  await expect(heading).toBeFocused()
  await expect(page.getByRole('time').first()).toContainText(inWords(date))
  await expect(page.getByRole('time').first()).toContainText('9:00 to 9:30 am')
  await expectAccessible(page)
  const booked = await bookedOf(clinic.patient.id)
  expect(booked).toHaveLength(1)
  expect(booked[0]?.reasonCode?.[0]?.text).toBe('A yearly look')
})
