import { expect, test } from 'vitest'
import { EMPTY_LEAVE, leaveProblems, leaveSpan } from './leave-draft.ts'

const TODAY = '2027-03-01'
const DAYS = { ...EMPTY_LEAVE, startDate: '2027-03-13', endDate: '2027-03-15' }

test('whole days run from midnight to midnight at the site, also over a change of clocks', () => {
  expect(leaveSpan(DAYS, 'America/New_York')).toEqual({
    startsAt: '2027-03-13T05:00:00.000Z',
    endsAt: '2027-03-16T04:00:00.000Z',
  })
})

test('hours run from the clock at the site', () => {
  const hours = { ...DAYS, endDate: '2027-03-13', isWholeDays: false, startTime: '09:00', endTime: '12:30' }
  expect(leaveSpan(hours, 'America/Phoenix')).toEqual({
    startsAt: '2027-03-13T16:00:00.000Z',
    endsAt: '2027-03-13T19:30:00.000Z',
  })
})

test.each([
  ['nothing', EMPTY_LEAVE, ['startDate missing', 'endDate missing']],
  ['an end before the start', { ...DAYS, endDate: '2027-03-12' }, ['endDate end-before-start']],
  [
    'days that are over',
    { ...DAYS, startDate: '2027-02-01', endDate: '2027-02-02' },
    ['endDate in-the-past'],
  ],
  ['hours without times', { ...DAYS, isWholeDays: false }, ['startTime missing', 'endTime missing']],
  [
    'hours that end before they start',
    { ...DAYS, endDate: DAYS.startDate, isWholeDays: false, startTime: '10:00', endTime: '09:00' },
    ['endTime end-before-start'],
  ],
  ['days ahead', DAYS, []],
  ['leave that began before and goes on', { ...DAYS, startDate: '2027-02-20' }, []],
])('says what keeps %s from being entered', (_name, draft, problems) => {
  expect(leaveProblems(draft, TODAY).map(({ name, code }) => `${name} ${code}`)).toEqual(problems)
})
