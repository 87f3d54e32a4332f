import { Temporal } from 'temporal-polyfill'

import { EXTENSION, getExtension } from '@openward/fhir-client'

import { expect, expectAccessible, expectSettled, test } from '../../fixtures.ts'
import { recordClient } from '../../record.ts'

test('a care manager sees exactly the people whose care teams name her', async ({ page, signInAs }) => {
  const teams = await recordClient().searchAll('CareTeam', {
    participant: 'Practitioner/demo-care-manager',
    status: 'active',
  })
  await signInAs('care-manager', '/care')
  await expect(page.getByRole('heading', { level: 1, name: 'My panel' })).toBeVisible()
  await expect(page.getByText(`${teams.length} people`)).toBeVisible()
  await page.getByRole('searchbox', { name: 'Find by name' }).fill('Thornton')
  await expect(page.getByRole('rowheader', { name: /Maya Thornton|Thornton, Maya/ })).toBeVisible()
  await expectSettled(page)
  await expectAccessible(page)
})

test('a home clinician sees the visits of today and tomorrow that are hers, a scheduler those of everybody', async ({
  page,
  openAs,
  signInAs,
}) => {
  const planned = await recordClient().searchAll('Appointment', {
    'service-type': 'home-visit',
    date: [
      `ge${Temporal.Now.instant().subtract({ hours: 48 }).toString()}`,
      `le${Temporal.Now.instant().add({ hours: 72 }).toString()}`,
    ],
  })
  const isShown = (visit: (typeof planned)[number]) => {
    const zone = getExtension(visit, EXTENSION.timeZone)?.valueCode ?? 'UTC'
    const date = Temporal.Instant.from(visit.start!).toZonedDateTimeISO(zone).toPlainDate()
    const today = Temporal.Now.plainDateISO(zone)
    const days = today.until(date).days
    return days === 0 || days === 1
  }
  const shown = planned.filter(isShown)
  const hers = shown.filter(({ participant }) =>
    participant.some(({ actor }) => actor?.reference === 'Practitioner/demo-home-clinician'),
  )
  expect(hers.length).toBeGreaterThan(0)
  expect(shown.length).toBeGreaterThan(hers.length)

  await signInAs('home-clinician', '/home-health')
  await expectSettled(page)
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(hers.length)
  await expectAccessible(page)
  const desk = await openAs('scheduler', '/home-health')
  await expectSettled(desk)
  await expect(desk.getByRole('main').getByRole('listitem')).toHaveCount(shown.length)
  await expectAccessible(desk)
})

test('an outreach author sees the groups of the record, and no small group in numbers', async ({
  page,
  signInAs,
}) => {
  const groups = await recordClient().searchAll('Group', {})
  expect(groups.length).toBeGreaterThan(0)
  await signInAs('outreach-author', '/outreach')
  await expectSettled(page)
  for (const { name, quantity } of groups) {
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: name!, exact: true }) })
    await expect(row).toHaveCount(1)
    if (quantity !== undefined && quantity >= 11)
      await expect(row).toContainText(quantity.toLocaleString('en-US'))
    else if (quantity) await expect(row).toContainText('Fewer than 11')
  }
  await expectAccessible(page)
})

for (const { account, portal, words } of [
  { account: 'auditor', portal: '/outreach', words: 'Your role has no groups' },
  { account: 'auditor', portal: '/home-health', words: 'Your role has no home visits' },
  { account: 'scheduler', portal: '/care', words: 'Your role has no panel' },
] as const) {
  test(`${account} in ${portal} is told in words that there is nothing here for this role`, async ({
    page,
    signInAs,
  }) => {
    await signInAs(account, portal)
    await expect(page.getByText(words)).toBeVisible()
    await expectAccessible(page)
  })
}
