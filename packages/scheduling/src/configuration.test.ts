import type { HealthcareService, Location, PractitionerRole } from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client/canonical'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { WEEKDAYS } from './hours.ts'
import type { Site, Weekday, WeeklyHours } from './hours.ts'
import { PLAIN_RULES } from './rules.fixture.ts'
import {
  problemsOfRules,
  RULE_LIMITS,
  serviceRulesExtension,
  serviceRulesFrom,
  VISIT_MODES,
  withServiceRules,
} from './service-rules.ts'
import type { ServiceRules } from './service-rules.ts'
import { problemsOfSite, siteFrom, withSite, withWorkingHours, workingHoursFrom } from './site.ts'

const SERVICE: HealthcareService = { resourceType: 'HealthcareService', name: 'Blood test' }

function within(field: keyof typeof RULE_LIMITS) {
  return fc.integer({ min: RULE_LIMITS[field].least, max: RULE_LIMITS[field].most })
}

const anyRules: fc.Arbitrary<ServiceRules> = fc.record({
  durationMinutes: within('durationMinutes'),
  bufferBeforeMinutes: within('bufferBeforeMinutes'),
  bufferAfterMinutes: within('bufferAfterMinutes'),
  startEveryMinutes: within('startEveryMinutes'),
  leadTimeMinutes: within('leadTimeMinutes'),
  horizonDays: within('horizonDays'),
  cancelNoticeMinutes: within('cancelNoticeMinutes'),
  referralRequired: fc.boolean(),
  visitModes: fc.subarray([...VISIT_MODES], { minLength: 1 }),
  needsRoom: fc.boolean(),
  needsInterpreter: fc.boolean(),
  forms: fc.array(fc.constantFrom('https://a.example/q', 'https://b.example/q')),
})

test('rules written to a service are read back the same, once, beside its other extensions', () => {
  fc.assert(
    fc.property(anyRules, fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }), (drawn, age) => {
      const rules = age === undefined ? drawn : { ...drawn, minimumAgeYears: age, maximumAgeYears: age + 10 }
      const other = { url: 'https://other.example', valueBoolean: true }
      const once = withServiceRules({ ...SERVICE, extension: [other] }, PLAIN_RULES)
      const twice = withServiceRules(once, rules)
      expect(serviceRulesFrom(twice)).toEqual({ ok: true, value: rules })
      expect(twice.extension).toEqual([other, serviceRulesExtension(rules)])
    }),
  )
})

test('a service that only says how long it takes gets the documented defaults', () => {
  const extension = [
    { url: EXTENSION.serviceRules, extension: [{ url: 'durationMinutes', valueInteger: 30 }] },
  ]
  expect(serviceRulesFrom({ ...SERVICE, extension })).toEqual({
    ok: true,
    value: { ...PLAIN_RULES, durationMinutes: 30, startEveryMinutes: 30 },
  })
})

test('a service without rules cannot be booked and says what is missing', () => {
  expect(serviceRulesFrom(SERVICE)).toEqual({
    ok: false,
    problems: [{ field: 'durationMinutes', code: 'missing' }],
  })
})

test.each([
  [{ durationMinutes: -5 }, 'durationMinutes', 'too-small'],
  [{ durationMinutes: 0 }, 'durationMinutes', 'too-small'],
  [{ durationMinutes: 100_000 }, 'durationMinutes', 'too-large'],
  [{ durationMinutes: 20.5 }, 'durationMinutes', 'not-a-number'],
  [{ durationMinutes: Number.NaN }, 'durationMinutes', 'not-a-number'],
  [{ startEveryMinutes: 0 }, 'startEveryMinutes', 'too-small'],
  [{ bufferBeforeMinutes: -1 }, 'bufferBeforeMinutes', 'too-small'],
  [{ horizonDays: 4_000 }, 'horizonDays', 'too-large'],
  [{ leadTimeMinutes: Number.POSITIVE_INFINITY }, 'leadTimeMinutes', 'not-a-number'],
  [{ minimumAgeYears: 18, maximumAgeYears: 12 }, 'maximumAgeYears', 'age-range'],
  [{ visitModes: [] }, 'visitMode', 'missing'],
])('%j is refused: %s %s', (change, field, code) => {
  const rules = { ...PLAIN_RULES, ...change }
  expect(problemsOfRules(rules)).toEqual([{ field, code }])
})

test.each([
  [
    { url: 'visitMode', valueCode: 'telepathy' },
    { field: 'visitMode', code: 'unknown-value' },
  ],
  [
    { url: 'horizonDays', valueString: '90' },
    { field: 'horizonDays', code: 'not-a-number' },
  ],
])('a stored rule %j is refused', (part, problem) => {
  const extension = [
    { url: EXTENSION.serviceRules, extension: [{ url: 'durationMinutes', valueInteger: 20 }, part] },
  ]
  expect(serviceRulesFrom({ ...SERVICE, extension })).toEqual({ ok: false, problems: [problem] })
})

const time = fc
  .integer({ min: 0, max: 1_439 })
  .map((at) => `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`)
const daysOfWeek = fc.subarray<Weekday>([...WEEKDAYS], { minLength: 1 })
const anyHours: fc.Arbitrary<WeeklyHours[]> = fc.array(
  fc.oneof(
    fc.record({ daysOfWeek, allDay: fc.constant(true) }),
    fc.record({ daysOfWeek, startTime: time, endTime: time }).filter((row) => row.startTime !== row.endTime),
  ),
  { maxLength: 4 },
)

test('a site’s zone, hours and closures are read back the same and nothing else of the Location changes', () => {
  fc.assert(
    fc.property(
      anyHours,
      fc.constantFrom('Asia/Kathmandu', 'America/New_York'),
      fc.boolean(),
      (hours, timeZone, isClosed) => {
        const closures = isClosed
          ? [{ startDate: '2027-12-24', endDate: '2027-12-26', reason: 'Holidays' }]
          : []
        const site: Site = { timeZone, hours, closures }
        const location: Location = {
          resourceType: 'Location',
          name: 'North',
          extension: [{ url: 'https://other.example', valueString: 'kept' }],
        }
        const written = withSite(
          withSite(location, {
            timeZone: 'UTC',
            hours: [],
            closures: [{ startDate: '2020-01-01', endDate: '2020-01-01' }],
          }),
          site,
        )
        expect(siteFrom(written)).toEqual({ ok: true, value: site })
        expect(written).toMatchObject({
          name: 'North',
          extension: [{ valueString: 'kept' }, { valueCode: timeZone }, ...closures.map(() => ({}))],
        })
      },
    ),
  )
})

test('a clinician’s hours are read back the same and can be emptied', () => {
  fc.assert(
    fc.property(anyHours, (hours) => {
      const role: PractitionerRole = { resourceType: 'PractitionerRole', active: true }
      const written = withWorkingHours(role, hours)
      expect(workingHoursFrom(written)).toEqual({ ok: true, value: hours })
      expect(withWorkingHours(written, [])).toEqual(role)
    }),
  )
})

test('every nonsense in a site is named by its place', () => {
  const site: Site = {
    timeZone: 'Mars/Base',
    hours: [
      { daysOfWeek: [], allDay: true },
      { daysOfWeek: ['mon'], startTime: '24:00' },
      { daysOfWeek: ['mon'], startTime: '09:00', endTime: '09:00' },
      { daysOfWeek: ['mon'], startTime: '09:00:30', endTime: '10:00' },
    ],
    closures: [
      { startDate: '2027-02-30', endDate: '2027-03-01' },
      { startDate: '2027-03-02', endDate: '2027-03-01' },
      { startDate: '2027-03-02', endDate: '' },
    ],
  }
  expect(problemsOfSite(site)).toEqual([
    { field: 'hours[0].daysOfWeek', code: 'missing' },
    { field: 'hours[1].startTime', code: 'not-a-time' },
    { field: 'hours[1].endTime', code: 'missing' },
    { field: 'hours[2].endTime', code: 'end-before-start' },
    { field: 'hours[3].startTime', code: 'not-a-time' },
    { field: 'closures[0].startDate', code: 'not-a-date' },
    { field: 'closures[1].endDate', code: 'end-before-start' },
    { field: 'closures[2].endDate', code: 'not-a-date' },
    { field: 'timeZone', code: 'unknown-time-zone' },
  ])
})

test('a site without a zone is refused: there is no default zone', () => {
  expect(siteFrom({ resourceType: 'Location' })).toEqual({
    ok: false,
    problems: [{ field: 'timeZone', code: 'missing' }],
  })
})
