import type { Page } from '@playwright/test'

import { dayAt, holdTime, personPath } from '../../booking.ts'
import { expect, expectAccessible, expectSettled, test } from '../../fixtures.ts'
import { type Clinic, seedProxy, seedVisit } from '../../seed.ts'

const COMBINATIONS = [
  { locale: 'en', theme: 'light', width: 1280 },
  { locale: 'en', theme: 'dark', width: 390 },
  { locale: 'es', theme: 'light', width: 390 },
  { locale: 'es', theme: 'dark', width: 1280 },
] as const

/** Every address of the patient portal, each with something to show. */
async function screensOf(page: Page, clinic: Clinic): Promise<string[]> {
  const date = dayAt(clinic, 3)
  const soon = Date.now() + 3 * 86_400_000
  const coming = await seedVisit(clinic, { status: 'booked', startsAt: soon })
  await seedVisit(clinic, { status: 'fulfilled', startsAt: Date.now() - 86_400_000 })
  await seedVisit(clinic, { status: 'cancelled', startsAt: soon, by: 'clinic' })
  const holdId = await holdTime(page, clinic, date, '5:00 pm')
  const { service, clinician, site } = clinic
  const series = new URLSearchParams({
    start: new Date(soon).toISOString(),
    clinician: clinician.id,
    site: site.id,
    count: '3',
    every: '1',
  })
  return [
    '/home',
    '/care',
    '/care?q=nothing-like-this',
    '/care?by=clinician',
    '/care?by=site',
    `/care/clinicians/${clinician.id}`,
    `/care/sites/${site.id}`,
    `/book/${service.id}?day=${date}&month=${date.slice(0, 7)}`,
    `/book/${service.id}?day=${date}&month=${date.slice(0, 7)}&view=list&repeat=6`,
    `/book/${service.id}?moves=${coming}`,
    `/book/${service.id}?interpreter=ar`,
    '/book/no-such-service',
    `/book/${service.id}/series?${series}`,
    `/holds/${holdId}`,
    `/holds/${holdId}/review`,
    '/holds/no-such-hold',
    `/visits/${coming}/booked`,
    `/visits/${coming}`,
    `/visits/${coming}/cancel`,
    '/visits',
    '/visits?show=past',
    '/visits?show=cancelled',
    '/profile',
    '/profile/edit',
    '/people',
  ].map((path) => personPath(clinic.patient.id, path))
}

for (const { locale, theme, width } of COMBINATIONS) {
  test(`no screen breaks an accessibility rule: ${locale}, ${theme}, ${width} px`, async ({
    page,
    context,
    signInAs,
    clinic,
    baseURL,
  }) => {
    test.setTimeout(180_000)
    await signInAs(clinic.patient.account, '/patient')
    const screens = await screensOf(page, clinic)
    await context.addCookies(
      Object.entries({ locale, theme }).map(([name, value]) => ({ name, value, url: baseURL! })),
    )
    await page.setViewportSize({ width, height: 900 })
    for (const path of ['/patient', '/patient/no-such-page', ...screens]) {
      await page.goto(path)
      await expectSettled(page)
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale)
      await expectAccessible(page)
    }
    await context.clearCookies({ name: /^(?!locale|theme)/ })
    await page.evaluate(() => sessionStorage.clear())
    await page.goto('/patient/home')
    await expect(page).toHaveURL(/\/identity\//)
    await expectSettled(page)
    await expectAccessible(page)
  })
}

test('no screen scrolls sideways at 320 px, in the longer language', async ({
  page,
  context,
  signInAs,
  clinic,
  baseURL,
}) => {
  test.setTimeout(120_000)
  await signInAs(clinic.patient.account, '/patient')
  const screens = await screensOf(page, clinic)
  await context.addCookies([{ name: 'locale', value: 'es', url: baseURL! }])
  await page.setViewportSize({ width: 320, height: 640 })
  const wide: string[] = []
  for (const path of ['/patient', ...screens]) {
    await page.goto(path)
    await expectSettled(page)
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (overflow > 0) wide.push(`${path} by ${overflow} px`)
  }
  expect(wide).toEqual([])
})

test('the choice of a person and the banner of another person break no accessibility rule', async ({
  page,
  signInAs,
  clinic,
}) => {
  const account = await seedProxy([
    { patient: clinic.patient },
    { patient: clinic.patient, types: ['Patient', 'Appointment', 'Schedule', 'Slot'] },
  ])
  await signInAs(account, '/patient')
  await page.goto(personPath(clinic.patient.id, '/care'))
  await expectSettled(page)
  await expectAccessible(page)
  await page.goto(personPath(clinic.patient.id, '/people'))
  await expectSettled(page)
  await expectAccessible(page)
  await page.goto(personPath('someone-else', '/home'))
  await expect(page.getByRole('heading', { level: 1, name: 'You cannot open this page' })).toBeVisible()
  await expectAccessible(page)
})
