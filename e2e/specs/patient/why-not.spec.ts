import { bookTime, dayAt, personPath, timeButton } from '../../booking.ts'
import { expect, expectAccessible, test } from '../../fixtures.ts'
import { appointmentsOf, recordClient } from '../../record.ts'
import { seedClinic } from '../../seed.ts'
import { SYSTEM } from '@openward/fhir-client'

test('a service that needs a referral names the rule and the next step, and opens once there is one', async ({
  page,
  signInAs,
}) => {
  const clinic = await seedClinic({ referralRequired: true })
  await signInAs(clinic.patient.account, '/patient')
  await page.goto(personPath(clinic.patient.id, `/care?q=${encodeURIComponent(clinic.service.name)}`))
  await expect(page.getByRole('article')).toContainText('Needs a referral')
  await page.getByRole('link', { name: `See times: ${clinic.service.name}` }).click()
  const reason = page
    .getByRole('alert')
    .or(page.getByRole('status'))
    .filter({ hasText: 'You need a referral first' })
  await expect(reason.first()).toBeVisible()
  await expect(page.getByText(/book a check-up or a follow-up and ask for a referral/)).toBeVisible()
  await expect(timeButton(page, '9:00 am')).toHaveCount(0)
  await expectAccessible(page)

  await recordClient().create({
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    subject: { reference: `Patient/${clinic.patient.id}` },
    code: { coding: [{ system: SYSTEM.serviceType, code: clinic.service.type }] },
  })
  await bookTime(page, clinic, dayAt(clinic, 3), '9:00 am')
  expect(await appointmentsOf(clinic.patient.id)).toHaveLength(1)
})

test('a time at which the patient already has a visit is not offered, whoever it is with', async ({
  page,
  signInAs,
  clinic,
}) => {
  const other = await seedClinic()
  const date = dayAt(clinic, 3)
  await signInAs(clinic.patient.account, '/patient')
  await bookTime(page, clinic, date, '9:00 am')
  const query = `day=${date}&month=${date.slice(0, 7)}`
  await page.goto(personPath(clinic.patient.id, `/book/${other.service.id}?${query}`))
  await expect(timeButton(page, '9:30 am')).toBeVisible()
  await expect(timeButton(page, '9:00 am')).toHaveCount(0)
})
