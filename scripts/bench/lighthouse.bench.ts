import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'

import { requireBrowser } from '../system/browser.ts'
import { inheritedEnvironment, readSettings } from '../system/env.ts'
import { atLeast, type Bench, percentile } from './bench.ts'

const RUNS = 5
const TARGETS = { performance: 95, accessibility: 100, 'best-practices': 100 } as const

/** Lighthouse on the patient landing page (phone, throttled as Lighthouse does), median of five. */
export const bench: Bench = {
  name: 'lighthouse',
  what: 'Lighthouse on the patient landing page, median of 5',
  async run({ system, log }) {
    const { origin } = await system({ withPortals: true })
    const settings = readSettings()
    const chromePath = requireBrowser({
      named: settings.OPENWARD_CHROMIUM,
      path: inheritedEnvironment()['PATH'] ?? '',
    })
    const scores: Record<keyof typeof TARGETS, number[]> = {
      performance: [],
      accessibility: [],
      'best-practices': [],
    }
    for (let run = 1; run <= RUNS; run++) {
      const chrome = await launch({
        ...(chromePath ? { chromePath } : {}),
        chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
      })
      try {
        const result = await lighthouse(`${origin}/patient`, {
          port: chrome.port,
          logLevel: 'error',
          onlyCategories: Object.keys(TARGETS),
        })
        for (const name of Object.keys(TARGETS) as (keyof typeof TARGETS)[]) {
          scores[name].push((result?.lhr.categories[name]?.score ?? 0) * 100)
        }
        log(
          `run ${run}: ${Object.entries(scores)
            .map(([name, all]) => `${name} ${all.at(-1)}`)
            .join(', ')}`,
        )
      } finally {
        chrome.kill()
      }
    }
    return (Object.keys(TARGETS) as (keyof typeof TARGETS)[]).map((name) =>
      atLeast(`${name} of the patient landing page`, percentile(scores[name], 0.5), TARGETS[name], 'points'),
    )
  },
}
