import { dayAt, openDay, personPath, timeButton } from '../../booking.ts'
import { expect, expectAccessible, test } from '../../fixtures.ts'

const DOWN = {
  status: 503,
  contentType: 'application/fhir+json',
  headers: { 'retry-after': '1' },
  body: JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'transient' }],
  }),
}

for (const { name, fulfil } of [
  { name: 'answers 503', fulfil: true },
  { name: 'cannot be reached', fulfil: false },
]) {
  test(`when the record ${name}, the screen says so and goes on by itself`, async ({
    page,
    signInAs,
    clinic,
  }) => {
    await signInAs(clinic.patient.account, '/patient')
    await openDay(page, clinic, dayAt(clinic, 3))
    await expect(timeButton(page, '9:00 am')).toBeVisible()
    let isDown = true
    const fault = (pattern: string) =>
      page.route(pattern, (route) => {
        if (!isDown) return route.continue()
        return fulfil ? route.fulfill(DOWN) : route.abort('connectionrefused')
      })
    await fault('**/fhir/**')
    await fault('**/health/ready')
    await page.goto(personPath(clinic.patient.id, '/visits'))
    await expect(page.getByText('Records cannot be reached right now')).toBeVisible({ timeout: 40_000 })
    await expectAccessible(page)
    isDown = false
    await expect(page.getByText('No visits coming up')).toBeVisible({ timeout: 40_000 })
  })
}
