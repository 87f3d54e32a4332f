import { bookTime, dayAt, goToReview, holdTime, openDay, personPath, timeButton } from '../../booking.ts'
import { expect, expectAccessible, test } from '../../fixtures.ts'
import { appointmentsOf, bookedOf } from '../../record.ts'
import { seedPatient, seedProxy } from '../../seed.ts'

const BOOKING_ONLY = ['Patient', 'Appointment', 'Schedule', 'Slot']

test('a proxy who switches the person in another tab still books for the person on the form', async ({
  page,
  context,
  signInAs,
  clinic,
}) => {
  const sister = await seedPatient({ givenName: 'Berta' })
  const account = await seedProxy([{ patient: clinic.patient }, { patient: sister, types: BOOKING_ONLY }])
  await signInAs(account, '/patient')
  await expect(page.getByRole('heading', { level: 1, name: 'Who is this for?' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: clinic.patient.name }).click()
  const banner = page.getByRole('complementary', { name: 'You are acting for' })
  await expect(banner).toContainText(clinic.patient.name)
  await holdTime(page, clinic, dayAt(clinic, 3), '9:00 am')
  await goToReview(page)
  await expect(banner).toContainText(clinic.patient.name)
  await expectAccessible(page)

  const other = await context.newPage()
  await other.goto(personPath(clinic.patient.id, '/people'))
  await other.getByRole('link', { name: sister.name }).click()
  await expect(other.getByRole('complementary', { name: 'You are acting for' })).toContainText(sister.name)

  await page.getByRole('button', { name: `Book for ${clinic.patient.name}` }).click()
  await expect(
    page.getByRole('heading', { level: 1, name: `The visit for ${clinic.patient.name} is booked` }),
  ).toBeVisible()
  await expect(banner).toContainText(clinic.patient.name)
  await expectAccessible(page)
  expect(await bookedOf(clinic.patient.id)).toHaveLength(1)
  expect(await appointmentsOf(sister.id)).toEqual([])
})

test('a form whose person was swapped on the way is refused and books for nobody', async ({
  page,
  signInAs,
  clinic,
}) => {
  const sister = await seedPatient({ givenName: 'Berta' })
  const account = await seedProxy([{ patient: clinic.patient }, { patient: sister }])
  await signInAs(account, '/patient')
  await holdTime(page, clinic, dayAt(clinic, 3), '9:00 am')
  await goToReview(page)
  await page.route('**/fhir/Appointment/$book', (route) =>
    route.continue({
      postData: (route.request().postData() ?? '').replaceAll(
        `Patient/${clinic.patient.id}`,
        `Patient/${sister.id}`,
      ),
    }),
  )
  await page.getByRole('button', { name: /^Book for/ }).click()
  await expect(page.getByRole('alert').first()).toBeVisible()
  expect(await bookedOf(clinic.patient.id)).toEqual([])
  expect(await appointmentsOf(sister.id)).toEqual([])
})

test('a hold of one person cannot be opened as another, nor a person opened without permission', async ({
  page,
  signInAs,
  clinic,
}) => {
  const sister = await seedPatient({ givenName: 'Berta' })
  const stranger = await seedPatient({ givenName: 'Stranger' })
  const account = await seedProxy([{ patient: clinic.patient }, { patient: sister }])
  await signInAs(account, '/patient')
  const holdId = await holdTime(page, clinic, dayAt(clinic, 3), '9:00 am')
  await page.goto(personPath(sister.id, `/holds/${holdId}/review`))
  await expect(page.getByRole('heading', { level: 1, name: 'We could not open this booking' })).toBeVisible()
  await expectAccessible(page)
  await page.goto(personPath(stranger.id, '/visits'))
  await expect(page.getByText('You cannot act for this person')).toBeVisible()
  expect(await bookedOf(clinic.patient.id)).toEqual([])
})

test('each permission shows its limits, and one that has ended is not offered', async ({
  page,
  signInAs,
  clinic,
}) => {
  const mother = await seedPatient({ givenName: 'Marta', birthDate: '1947-05-01' })
  const former = await seedPatient({ givenName: 'Former' })
  const account = await seedProxy([
    { patient: clinic.patient },
    { patient: mother, types: BOOKING_ONLY, until: dayAt(clinic, 20) },
    { patient: former, until: dayAt(clinic, -5) },
  ])
  await signInAs(account, '/patient')
  const people = page.getByRole('main').getByRole('listitem')
  await expect(people).toHaveCount(2)
  await expect(people.filter({ hasText: clinic.patient.name })).toContainText(
    'You can book visits and see the record',
  )
  const limited = people.filter({ hasText: mother.name })
  await expect(limited).toContainText('You can book and change visits, but not see the health record')
  await expect(limited).toContainText('Your permission ends on')
  await expect(page.getByText(former.name)).toHaveCount(0)
  await page.goto(personPath(former.id, '/home'))
  await expect(page.getByText('You cannot act for this person')).toBeVisible()

  await openDay(page, clinic, dayAt(clinic, 3), mother)
  await expect(timeButton(page, '9:00 am')).toBeVisible()
  await bookTime(page, clinic, dayAt(clinic, 3), '9:00 am', mother)
  expect(await bookedOf(mother.id)).toHaveLength(1)
})

test('the demo proxy sees the people who agreed, and not the one whose permission ended', async ({
  page,
  signInAs,
}) => {
  await signInAs('proxy', '/patient')
  const people = page.getByRole('main').getByRole('listitem')
  await expect(people).toHaveCount(3)
  for (const name of ['Emil Brandt', 'Lotte Brandt', 'Margarethe Brandt'])
    await expect(people.filter({ hasText: name })).toHaveCount(1)
  await expect(page.getByText('Walter Hagen')).toHaveCount(0)
})
