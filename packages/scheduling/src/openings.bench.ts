import { test } from 'vitest'

import { siteOpenTime, WEEKDAYS, workingTime } from './hours.ts'
import type { Site } from './hours.ts'
import type { Interval } from './interval.ts'
import { computeOpenings } from './openings.ts'
import { PLAIN_RULES } from './rules.fixture.ts'

const DAY = 86_400_000
const MINUTE = 60_000
const now = Date.parse('2027-03-01T14:00:00Z')
const range = { startMs: now, endMs: now + 30 * DAY }
const daysOfWeek = WEEKDAYS.slice(0, 5)
const rules = { ...PLAIN_RULES, bufferAfterMinutes: 5 }

const sites = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles'].map(
  (timeZone): Site => ({
    timeZone,
    hours: [{ daysOfWeek, startTime: '07:00', endTime: '19:00' }],
    closures: [{ startDate: '2027-03-17', endDate: '2027-03-17' }],
  }),
)
const hours = [
  { daysOfWeek, startTime: '08:00', endTime: '12:00' },
  { daysOfWeek, startTime: '13:00', endTime: '17:00' },
]

function busyOf(clinician: number): Interval[] {
  return Array.from({ length: 200 }, (_, visit) => {
    const startMs = now + (visit * 211 + clinician * 17) * MINUTE
    return { startMs, endMs: startMs + 25 * MINUTE }
  })
}

const busy = Array.from({ length: 200 }, (_, clinician) => busyOf(clinician))

// 13 ms by Node itself when written; vitest's module runner doubles it.
test('openings of 200 clinicians over 30 days, each with 200 visits, across a change of clocks', async ({
  bench,
}) => {
  await bench('all', () => {
    for (const site of sites) {
      const siteOpen = siteOpenTime(site, range)
      for (let clinician = 0; clinician < 50; clinician += 1) {
        const working = workingTime({ hours, site, range, siteOpen })
        computeOpenings({ working, busy: busy[clinician] ?? [], rules, now, range, timeZone: site.timeZone })
      }
    }
  }).run()
})
