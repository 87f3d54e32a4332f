import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'

import { type Clinic, seedClinic } from './seed.ts'

type Portal = '/patient' | '/care' | '/home-health' | '/outreach'

type Fixtures = {
  /** Signs in through the real sign-in page and waits until the portal shows who it is. */
  signInAs: (account: string, portal: Portal) => Promise<void>
  clinic: Clinic
}

/** Fails with the rule, the element and the reason when axe finds anything. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
  )
  expect(found, `accessibility of ${page.url()}`).toEqual([])
}

export const test = base.extend<Fixtures>({
  page: async ({ page }, use) => {
    const problems: string[] = []
    page.on('console', (message) => {
      // a refused request is reported by the browser itself; flows that expect one look at the screen
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        problems.push(message.text())
    })
    page.on('pageerror', (error) => problems.push(error.message))
    await use(page)
    expect(problems, 'the browser console stays quiet').toEqual([])
  },
  signInAs: async ({ page }, use) => {
    await use(async (account, portal) => {
      await page.goto(portal)
      await page
        .getByRole('button', { name: /^sign in$|^iniciar sesión$/i })
        .or(page.getByRole('link', { name: /^sign in$|^iniciar sesión$/i }))
        .first()
        .click()
      await page.getByLabel(/user ?name|usuario/i).fill(account)
      await page.getByLabel(/password|contraseña/i).fill('demo')
      await page.getByRole('button', { name: /^sign in$|^iniciar sesión$|^entrar$/i }).click()
      await expect(page).toHaveURL(new RegExp(`${portal}(/|$|\\?)`))
    })
  },
  clinic: async ({}, use) => {
    await use(await seedClinic())
  },
})

export { expect }
