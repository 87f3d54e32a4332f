import { dayAt, holdTime, personPath } from '../../booking.ts'
import { expect, expectAccessible, test } from '../../fixtures.ts'

const signOut = { name: 'Sign out' }

test('a wrong password says what is wrong, tells nothing else, and the right one goes on', async ({
  page,
  clinic,
}) => {
  await page.goto('/patient/visits')
  await page.getByLabel('Username').fill(clinic.patient.account)
  await page.getByLabel('Password', { exact: true }).fill('guess')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toContainText('That username and password do not match.')
  await expectAccessible(page)
  await page.getByLabel('Password', { exact: true }).fill('demo')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'My visits' })).toBeVisible()
})

test('who leads to a page inside the portal returns to it after signing in', async ({ page, clinic }) => {
  const path = personPath(clinic.patient.id, '/care?by=site')
  await page.goto(path)
  await page.getByLabel('Username').fill(clinic.patient.account)
  await page.getByLabel('Password', { exact: true }).fill('demo')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(path)
})

test('signing out of one portal ends the other: its next renewal leads to the sign-in page', async ({
  page,
  context,
  signInAs,
}) => {
  await signInAs('care-manager', '/care')
  const other = await context.newPage()
  await other.goto('/home-health/today')
  await expect(other.getByRole('button', signOut)).toBeVisible()
  await page.getByRole('button', signOut).click()
  await expect(page.getByRole('button', signOut)).toHaveCount(0)
  // what the other portal has in hand is worth nothing for a renewal
  await other.evaluate(() => sessionStorage.clear())
  await other.reload()
  await expect(other.getByLabel('Username')).toBeVisible()
  await page.goto('/care/panel')
  await expect(page.getByLabel('Username')).toBeVisible()
})

test('a token that is no longer accepted is renewed without losing the page', async ({
  page,
  signInAs,
  clinic,
}) => {
  await signInAs(clinic.patient.account, '/patient')
  let refused = 0
  await page.route('**/fhir/**', (route) => {
    if (refused > 0) return route.continue()
    refused += 1
    return route.fulfill({
      status: 401,
      contentType: 'application/fhir+json',
      body: JSON.stringify({
        resourceType: 'OperationOutcome',
        issue: [{ severity: 'error', code: 'login' }],
      }),
    })
  })
  await page.goto(personPath(clinic.patient.id, '/visits'))
  await expect(page.getByText('No visits coming up')).toBeVisible()
  expect(refused).toBe(1)
})

test('when the session has ended too, the person signs in again and is back where they were, text kept', async ({
  page,
  context,
  signInAs,
  clinic,
}) => {
  await signInAs(clinic.patient.account, '/patient')
  const holdId = await holdTime(page, clinic, dayAt(clinic, 3), '9:00 am')
  await page.getByLabel(/What is the visit about/).fill('A sore knee')
  await context.clearCookies()
  let isRefused = true
  await page.route('**/fhir/**', (route) =>
    isRefused
      ? route.fulfill({
          status: 401,
          contentType: 'application/fhir+json',
          body: JSON.stringify({
            resourceType: 'OperationOutcome',
            issue: [{ severity: 'error', code: 'login' }],
          }),
        })
      : route.continue(),
  )
  await page.route('**/identity/token?*', (route) =>
    isRefused ? route.fulfill({ status: 400, json: { error: 'invalid_grant' } }) : route.continue(),
  )
  await page.reload()
  await expect(page.getByLabel('Username')).toBeVisible({ timeout: 30_000 })
  isRefused = false
  await page.getByLabel('Username').fill(clinic.patient.account)
  await page.getByLabel('Password', { exact: true }).fill('demo')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(new RegExp(`/holds/${holdId}`))
  await expect(page.getByLabel(/What is the visit about/)).toHaveValue('A sore knee')
})
