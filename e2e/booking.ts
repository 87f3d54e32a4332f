import { expect, type Page } from '@playwright/test'
import { Temporal } from 'temporal-polyfill'

import type { Clinic } from './seed.ts'

/** A calendar date so many days after today at the clinic, as `YYYY-MM-DD`. */
export function dayAt(clinic: Clinic, inDays: number): string {
  return Temporal.Now.plainDateISO(clinic.site.timeZone).add({ days: inDays }).toString()
}

/** The instant of a wall time at the clinic: `2026-03-03`, `09:00`. */
export function instantAt(clinic: Clinic, date: string, time: string): number {
  return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(clinic.site.timeZone)
    .epochMilliseconds
}

/** How English screens say a date: "Tuesday 3 March", with the year when it is another one. */
export function inWords(date: string): string {
  const day = Temporal.PlainDate.from(date)
  const part = (options: Intl.DateTimeFormatOptions) => day.toLocaleString('en-US', options)
  const year = day.year === new Date().getFullYear() ? '' : ` ${day.year}`
  return `${part({ weekday: 'long' })} ${day.day} ${part({ month: 'long' })}${year}`
}

export function personPath(patientId: string, path: string): string {
  return `/patient/for/${patientId}${path}`
}

/** The picker of the clinic's service, open on a day. */
export async function openDay(page: Page, clinic: Clinic, date: string, patient = clinic.patient) {
  const query = `?day=${date}&month=${date.slice(0, 7)}`
  await page.goto(`${personPath(patient.id, `/book/${clinic.service.id}`)}${query}`)
  await expect(page.getByRole('region', { name: inWords(date) })).toBeVisible()
}

/** The button of a time: "9:00 am". */
export function timeButton(page: Page, time: string) {
  return page.getByRole('button', { name: new RegExp(`^${time}(?!\\d)`) })
}

/** Holds a time by the picker; gives back the hold's id. */
export async function holdTime(
  page: Page,
  clinic: Clinic,
  date: string,
  time: string,
  patient = clinic.patient,
) {
  await openDay(page, clinic, date, patient)
  await timeButton(page, time).click()
  await expect(page).toHaveURL(/\/holds\/[^/]+$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Tell us what helps')
  return page.url().split('/').at(-1)!
}

/** From the details of a hold to the last step. */
export async function goToReview(page: Page) {
  await page.getByRole('button', { name: 'Continue to check' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Check and book' })).toBeVisible()
}

/** Books a time by the screens; gives back the visit's id. */
export async function bookTime(
  page: Page,
  clinic: Clinic,
  date: string,
  time: string,
  patient = clinic.patient,
) {
  await holdTime(page, clinic, date, time, patient)
  await goToReview(page)
  await page.getByRole('button', { name: /^Book (this visit|for)/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: /is booked$/ })).toBeVisible()
  return page.url().split('/').at(-2)!
}

/** The calendar file that the page offers, line by line with folds undone. */
export async function downloadCalendarFile(page: Page): Promise<string[]> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^(Add to|Remove from) calendar$/ }).click(),
  ])
  const stream = await download.createReadStream()
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
    .toString('utf8')
    .replaceAll(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
}
