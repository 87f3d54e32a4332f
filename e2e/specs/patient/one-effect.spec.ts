import { dayAt, goToReview, holdTime, openDay, personPath, timeButton } from '../../booking.ts'
import { expect, expectAccessible, test } from '../../fixtures.ts'
import { appointmentsOf, bookedOf, busyTimesOf } from '../../record.ts'
import type { Clinic } from '../../seed.ts'

/** One booked visit, one taken time, nothing held beside it. */
async function expectOneEffect(clinic: Clinic) {
  expect(await bookedOf(clinic.patient.id)).toHaveLength(1)
  expect((await busyTimesOf(clinic.clinician.id)).map(({ status }) => status)).toEqual(['busy'])
  const all = await appointmentsOf(clinic.patient.id)
  expect(all.filter(({ status }) => status === 'pending')).toEqual([])
}

const booked = { level: 1, name: 'Your visit is booked' } as const

test('a double click on a time holds it once, and a double click on the last button books it once', async ({
  page,
  signInAs,
  clinic,
}) => {
  await signInAs(clinic.patient.account, '/patient')
  await openDay(page, clinic, dayAt(clinic, 3))
  await timeButton(page, '9:00 am').dblclick()
  await expect(page).toHaveURL(/\/holds\//)
  expect(await appointmentsOf(clinic.patient.id)).toHaveLength(1)
  await goToReview(page)
  await page.getByRole('button', { name: 'Book this visit' }).dblclick()
  await expect(page.getByRole('heading', booked)).toBeVisible()
  await expectOneEffect(clinic)
  expect(await appointmentsOf(clinic.patient.id)).toHaveLength(1)
})

test('going back after booking and sending again books nothing more and shows the visit', async ({
  page,
  signInAs,
  clinic,
}) => {
  await signInAs(clinic.patient.account, '/patient')
  const holdId = await holdTime(page, clinic, dayAt(clinic, 3), '9:00 am')
  await goToReview(page)
  await page.getByRole('button', { name: 'Book this visit' }).click()
  await expect(page.getByRole('heading', booked)).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('button', { name: 'Book this visit' })).toHaveCount(0)
  await expect(page.getByRole('heading', booked)).toBeVisible()
  await page.goto(personPath(clinic.patient.id, `/holds/${holdId}/review`))
  await expect(page.getByRole('heading', booked)).toBeVisible()
  await expectAccessible(page)
  await expectOneEffect(clinic)
})

test('the last step in two tabs books once, and both tabs show it', async ({
  page,
  context,
  signInAs,
  clinic,
}) => {
  await signInAs(clinic.patient.account, '/patient')
  const holdId = await holdTime(page, clinic, dayAt(clinic, 3), '9:00 am')
  await goToReview(page)
  const other = await context.newPage()
  await other.goto(personPath(clinic.patient.id, `/holds/${holdId}/review`))
  const book = { name: 'Book this visit' }
  await expect(other.getByRole('button', book)).toBeVisible()
  await Promise.all([page.getByRole('button', book).click(), other.getByRole('button', book).click()])
  for (const tab of [page, other]) await expect(tab.getByRole('heading', booked)).toBeVisible()
  await expectOneEffect(clinic)
})

test('a reload in the middle of a hold keeps the hold, its end and what was typed', async ({
  page,
  signInAs,
  clinic,
}) => {
  await signInAs(clinic.patient.account, '/patient')
  await holdTime(page, clinic, dayAt(clinic, 3), '9:00 am')
  await page.getByLabel(/What is the visit about/).fill('A sore knee')
  const [before] = await appointmentsOf(clinic.patient.id)
  await page.reload()
  await expect(page.getByLabel(/What is the visit about/)).toHaveValue('A sore knee')
  await expect(page.getByRole('timer')).toBeVisible()
  expect(await appointmentsOf(clinic.patient.id)).toEqual([before])
  await goToReview(page)
  await page.reload()
  await expect(page.getByText('A sore knee')).toBeVisible()
  await page.getByRole('button', { name: 'Book this visit' }).click()
  await expect(page.getByRole('heading', booked)).toBeVisible()
  await expect(page.getByText('A sore knee')).toBeVisible()
  await expectOneEffect(clinic)
})

test('a booking whose answer is lost on the way is sent again without booking twice', async ({
  page,
  signInAs,
  clinic,
}) => {
  await signInAs(clinic.patient.account, '/patient')
  await holdTime(page, clinic, dayAt(clinic, 3), '9:00 am')
  await goToReview(page)
  let sent = 0
  await page.route('**/fhir/Appointment/$book', async (route) => {
    sent += 1
    if (sent > 1) return route.continue()
    await route.fetch() // it reaches the record; the answer does not reach the browser
    await route.abort('connectionreset')
  })
  await page.getByRole('button', { name: 'Book this visit' }).click()
  await expect(page.getByRole('heading', booked)).toBeVisible()
  expect(sent).toBe(2)
  await expectOneEffect(clinic)
})
