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
import { expect, expectSettled, test } from '../../fixtures.ts'
import { bookedOf } from '../../record.ts'
import { seedClinic } from '../../seed.ts'
import { Temporal } from 'temporal-polyfill'

for (const timezoneId of ['Asia/Tokyo', 'America/Los_Angeles']) {
  test.describe(`a viewer in ${timezoneId}`, () => {
    test.use({ timezoneId })

    test('sees the same day and hour in confirmation, list, calendar file and record', async ({
      page,
      signInAs,
      clinic,
    }) => {
      const date = dayAt(clinic, 3)
      const instant = instantAt(clinic, date, '16:30')
      await signInAs(clinic.patient.account, '/patient')
      const visitId = await bookTime(page, clinic, date, '4:30 pm')
      const when = page.getByRole('time').first()
      await expect(when).toContainText(inWords(date))
      await expect(when).toContainText('4:30 to 5:00 pm')
      await expect(page.getByText(/New York time/).first()).toBeVisible()
      const file = await downloadCalendarFile(page)
      expect(file).toContain(`DTSTART:${new Date(instant).toISOString().replaceAll(/[-:]|\.000/g, '')}`)
      await page.goto(personPath(clinic.patient.id, '/visits'))
      await expect(page.getByRole('article')).toContainText(inWords(date))
      await expect(page.getByRole('article')).toContainText('4:30')
      const [stored] = await bookedOf(clinic.patient.id)
      expect(stored?.id).toBe(visitId)
      expect(Date.parse(stored?.start ?? '')).toBe(instant)
    })
  })
}

/** The next day on which the clocks change in a zone. */
function nextChange(timeZone: string) {
  const change = Temporal.Now.zonedDateTimeISO(timeZone).getTimeZoneTransition('next')
  if (!change) throw new Error(`${timeZone} keeps its clocks`)
  return change.toPlainDate().toString()
}

test('on the day the clocks change, times are those on the wall of the clinic', async ({
  page,
  signInAs,
}) => {
  const clinic = await seedClinic({ horizonDays: 365 })
  const date = nextChange(clinic.site.timeZone)
  await signInAs(clinic.patient.account, '/patient')
  await openDay(page, clinic, date)
  await expectSettled(page)
  await expect(timeButton(page, '8:00 am')).toBeVisible()
  await expect(timeButton(page, '5:30 pm')).toBeVisible()
  await expect(timeButton(page, '7:30 am')).toHaveCount(0)
  await expect(timeButton(page, '6:00 pm')).toHaveCount(0)
  await bookTime(page, clinic, date, '8:00 am')
  await expect(page.getByRole('time').first()).toContainText(inWords(date))
  await expect(page.getByRole('time').first()).toContainText('8:00 to 8:30 am')
  const [stored] = await bookedOf(clinic.patient.id)
  expect(Date.parse(stored?.start ?? '')).toBe(instantAt(clinic, date, '08:00'))
})
