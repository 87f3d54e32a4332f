import {
  bookTime,
  dayAt,
  goToReview,
  holdTime,
  instantAt,
  openDay,
  personPath,
  timeButton,
} from '../../booking.ts'
import { expect, expectAccessible, test } from '../../fixtures.ts'
import { appointmentsOf, blockTime, bookedOf, expireHold } from '../../record.ts'
import { seedPatient } from '../../seed.ts'

test('a hold that ran out says so, keeps what was typed, and can be held again', async ({
  page,
  signInAs,
  clinic,
}) => {
  await signInAs(clinic.patient.account, '/patient')
  const holdId = await holdTime(page, clinic, dayAt(clinic, 3), '9:00 am')
  await page.getByLabel(/What is the visit about/).fill('A sore knee')
  await expireHold(holdId)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: /^We no longer hold/ })).toBeVisible()
  await expect(page.getByRole('link', { name: 'See other times' })).toBeVisible()
  await expectAccessible(page)
  expect(await bookedOf(clinic.patient.id)).toEqual([])
  await page.getByRole('button', { name: 'Hold it again' }).click()
  await expect(page.getByRole('timer')).toBeVisible()
  expect(page.url()).not.toContain(holdId)
  await expect(page.getByLabel(/What is the visit about/)).toHaveValue('A sore knee')
})

test('the last button after a hold ran out unseen books nothing and says why', async ({
  page,
  signInAs,
  clinic,
}) => {
  await signInAs(clinic.patient.account, '/patient')
  const holdId = await holdTime(page, clinic, dayAt(clinic, 3), '9:00 am')
  await goToReview(page)
  await expireHold(holdId)
  await page.getByRole('button', { name: 'Book this visit' }).click()
  await expect(page.getByText(/^We no longer hold/).first()).toBeVisible()
  await expectAccessible(page)
  expect(await bookedOf(clinic.patient.id)).toEqual([])
})

test('a screen left open until its hold ends turns to the expired state by itself', async ({
  page,
  signInAs,
  clinic,
}) => {
  await page.clock.install()
  await signInAs(clinic.patient.account, '/patient')
  await holdTime(page, clinic, dayAt(clinic, 3), '9:00 am')
  await expect(page.getByRole('timer')).toBeVisible()
  await page.clock.fastForward('10:05')
  await expect(page.getByRole('heading', { level: 1, name: /^We no longer hold/ })).toBeVisible()
})

test('a time that another patient took after the hold ended cannot be held again', async ({
  page,
  signInAs,
  clinic,
}) => {
  const date = dayAt(clinic, 3)
  await signInAs(clinic.patient.account, '/patient')
  const holdId = await holdTime(page, clinic, date, '9:00 am')
  await expireHold(holdId)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: /^We no longer hold/ })).toBeVisible()
  await blockTime(
    clinic.clinician.id,
    new Date(instantAt(clinic, date, '09:00')).toISOString(),
    new Date(instantAt(clinic, date, '09:30')).toISOString(),
  )
  await page.getByRole('button', { name: 'Hold it again' }).click()
  await expect(
    page
      .getByRole('alert')
      .or(page.getByRole('status'))
      .filter({ hasText: /away|taken/ })
      .first(),
  ).toBeVisible()
  await page.getByRole('link', { name: 'See other times' }).click()
  await expect(timeButton(page, '9:30 am')).toBeVisible()
  await expect(timeButton(page, '9:00 am')).toHaveCount(0)
})

test('a time that another patient takes meanwhile is said to be taken, and the list is fresh', async ({
  page,
  openAs,
  signInAs,
  clinic,
}) => {
  const date = dayAt(clinic, 3)
  const rival = await seedPatient({ givenName: 'Rival' })
  await signInAs(clinic.patient.account, '/patient')
  await openDay(page, clinic, date)
  await expect(timeButton(page, '9:00 am')).toBeVisible()
  const other = await openAs(rival.account, '/patient')
  await bookTime(other, clinic, date, '9:00 am', rival)
  await timeButton(page, '9:00 am').click()
  await expect(page.getByText('This time was just taken')).toBeVisible()
  await expect(timeButton(page, '9:00 am')).toHaveCount(0)
  await expect(timeButton(page, '9:30 am')).toBeVisible()
  await expectAccessible(page)
  expect(await appointmentsOf(clinic.patient.id)).toEqual([])
  expect(await bookedOf(rival.id)).toHaveLength(1)
})

test('a booking link that was used or cancelled shows the state and creates nothing', async ({
  page,
  signInAs,
  clinic,
}) => {
  const date = dayAt(clinic, 3)
  const path = (rest: string) => personPath(clinic.patient.id, rest)
  await signInAs(clinic.patient.account, '/patient')
  const used = await bookTime(page, clinic, date, '9:00 am')
  const given = await holdTime(page, clinic, date, '11:00 am')
  await page.getByRole('button', { name: 'Do not book, give the time back' }).click()
  await expect(
    timeButton(page, '11:00 am')
      .or(page.getByRole('heading', { name: /Pick a day/ }))
      .first(),
  ).toBeVisible()
  const before = await appointmentsOf(clinic.patient.id)

  await page.goto(path(`/holds/${used}/review`))
  await expect(page.getByRole('heading', { level: 1, name: 'Your visit is booked' })).toBeVisible()
  await page.goto(path(`/holds/${given}/review`))
  await expect(page.getByRole('heading', { level: 1, name: /^We no longer hold/ })).toBeVisible()
  await expectAccessible(page)

  await page.goto(path(`/visits/${used}/cancel`))
  await page.getByRole('radio', { name: 'I feel better' }).check({ force: true })
  await page.getByRole('button', { name: 'Cancel the visit' }).click()
  await expect(page.getByText('Cancelled by you')).toBeVisible()
  for (const link of [`/visits/${used}/cancel`, `/holds/${used}`, `/visits/${used}/booked`]) {
    await page.goto(path(link))
    await expect(page.getByText(/cancelled|We no longer hold|This link has been used/i).first()).toBeVisible()
    await expect(page.getByRole('button', { name: /^(Cancel the visit|Book this visit)$/ })).toHaveCount(0)
  }
  const after = await appointmentsOf(clinic.patient.id)
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
  expect(await bookedOf(clinic.patient.id)).toEqual([])
})
