import AxeBuilder from '@axe-core/playwright'
import { test as base, type BrowserContext, expect, type Page } from '@playwright/test'

import { type Clinic, seedClinic } from './seed.ts'

type Portal = '/patient' | '/care' | '/home-health' | '/outreach'

/** What screens say while they wait. */
const WAITING =
  /^(Signing|Loading|Looking|Checking|Reading|Iniciando|Cargando|Buscando|Revisando|Comprobando|Leyendo)/

type Fixtures = {
  /** Signs in through the real sign-in page and waits until the portal shows who it is. */
  signInAs: (account: string, portal: Portal) => Promise<void>
  /** Signs in somebody else in a browser of their own. */
  openAs: (account: string, portal: Portal) => Promise<Page>
  clinic: Clinic
}

/** Waits until a screen shows its heading and nothing on it is still being fetched. */
export async function expectSettled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const waiting = page.getByRole('status').filter({ hasText: WAITING })
  await expect(waiting).toHaveCount(0)
  await expect(page.getByRole('heading', { level: 1, name: /^(One moment|Un momento)/ })).toHaveCount(0)
}

/** Fails with the rule, the element and the reason when axe finds anything. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // no frames to look into; without this every look opens a page of its own
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
    // react-aria's spoken notes name a button that may be gone before they are
    .exclude('[data-live-announcer]')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
  )
  expect(found, `accessibility of ${page.url()}`).toEqual([])
}

async function signIn(page: Page, account: string, portal: Portal): Promise<void> {
  await page.goto(portal)
  await page.getByRole('link', { name: /^sign in$|^iniciar sesión$|^entrar$/i }).click()
  await page.getByLabel(/^username$|^usuario$/i).fill(account)
  await page.getByLabel(/^password$|^contraseña$/i).fill('demo')
  await page.getByRole('button', { name: /^sign in$|^iniciar sesión$/i }).click()
  await expect(page.getByRole('button', { name: /^sign out$|^cerrar sesión$/i })).toBeVisible()
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
    await use((account, portal) => signIn(page, account, portal))
  },
  openAs: async ({ browser }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (account, portal) => {
      const context = await browser.newContext()
      contexts.push(context)
      const page = await context.newPage()
      await signIn(page, account, portal)
      return page
    })
    for (const context of contexts) await context.close()
  },
  clinic: async ({}, use) => {
    await use(await seedClinic())
  },
})

export { expect }
