import { chromium, type Page } from 'playwright-core'

import { requireBrowser } from '../system/browser.ts'
import { inheritedEnvironment, readSettings } from '../system/env.ts'
import { populate } from '../system/populate.ts'
import { atMost, type Bench } from './bench.ts'

const KB = 1024

/** Counts the bytes of scripts as they cross the wire, compressed, from now on. */
async function countScripts(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page)
  const scripts = new Set<string>()
  let bytes = 0
  session.on(
    'Network.responseReceived',
    ({ requestId, type }) => void (type === 'Script' && scripts.add(requestId)),
  )
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength
  })
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  return () => bytes / KB
}

/** All JavaScript that a browser fetches until the page is quiet: what loads later, when it is shown, is not counted. */
export const bench: Bench = {
  name: 'javascript',
  what: 'JavaScript over the wire until a page is quiet (compressed)',
  async run({ system, folder }) {
    const running = await system({ withPortals: true })
    const settings = readSettings()
    await populate(running, {
      ...settings,
      FHIR_BASE_URL: undefined,
      dataFolder: `${folder}/data`,
      OPENWARD_POPULATION: 60,
    })
    const executablePath = requireBrowser({
      named: settings.OPENWARD_CHROMIUM,
      path: inheritedEnvironment()['PATH'] ?? '',
    })
    const browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: ['--no-sandbox', '--disable-gpu'],
    })
    try {
      const first = await browser.newPage()
      const landingBytes = await countScripts(first)
      await first.goto(`${running.origin}/patient`, { waitUntil: 'networkidle' })
      const landing = landingBytes()

      await first
        .getByRole('link', { name: /^sign in$/i })
        .or(first.getByRole('button', { name: /^sign in$/i }))
        .first()
        .click()
      await first.getByLabel('Username').fill('patient')
      await first.getByLabel('Password').fill('demo')
      await first.getByRole('button', { name: 'Sign in' }).click()
      await first.waitForURL(/\/patient/)
      await first.getByRole('heading', { level: 1 }).waitFor()
      const home = first.url()
      const signedInBytes = await countScripts(first)
      await first.goto(home, { waitUntil: 'networkidle' })
      await first.getByRole('heading', { level: 1 }).waitFor()
      const signedIn = signedInBytes()
      return [
        atMost('patient landing page', landing, 150, 'KB'),
        atMost('first signed-in view', signedIn, 300, 'KB'),
      ]
    } finally {
      await browser.close()
    }
  },
}
