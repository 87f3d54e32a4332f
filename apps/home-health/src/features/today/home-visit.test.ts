import type { Appointment, Patient } from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client'
import { expect, test } from 'vitest'
import { homeVisitsFrom } from './home-visit.ts'
import { whoseFor } from './today-list.tsx'

const NOW = '2027-03-02T20:00:00-05:00'

function visit(id: string, start: string, timeZone: string, patient = 'p'): Appointment & { id: string } {
  return {
    resourceType: 'Appointment',
    id,
    status: 'booked',
    start,
    end: start,
    extension: [{ url: EXTENSION.timeZone, valueCode: timeZone }],
    participant: [{ status: 'accepted', actor: { reference: `Patient/${patient}` } }],
  }
}

const MOVED: Patient = {
  resourceType: 'Patient',
  id: 'p',
  name: [{ use: 'official', family: 'Okafor', given: ['Ada'] }],
  address: [
    { use: 'old', line: ['1 Past Street'], city: 'New York' },
    { type: 'postal', line: ['Box 7'], city: 'New York' },
    { use: 'home', line: ['2 Present Street'], city: 'New York' },
  ],
  telecom: [{ system: 'phone', value: '212-555-0111' }],
}
const PEOPLE = { patients: new Map([['p', MOVED]]), clinicians: new Map() }

test('today and tomorrow are dates at the site of each visit, not of the viewer', () => {
  const visits = [
    visit('tomorrow-there', '2027-03-03T00:30:00-05:00', 'America/New_York'),
    visit('evening', '2027-03-02T21:00:00-05:00', 'America/New_York'),
    visit('phoenix-late', '2027-03-02T23:30:00-07:00', 'America/Phoenix'),
    visit('yesterday', '2027-03-01T23:30:00-05:00', 'America/New_York'),
  ]
  const today = homeVisitsFrom(visits, PEOPLE, { now: NOW, locale: 'en' })
  expect(today.map(({ id, day }) => `${id} ${day}`)).toEqual([
    'evening today',
    'tomorrow-there tomorrow',
    'phoenix-late today',
  ])
})

test('leads to where the person lives now, never to an address of the past or of post', () => {
  const [one] = homeVisitsFrom([visit('a', NOW, 'America/New_York')], PEOPLE, { now: NOW, locale: 'en' })
  expect(one?.address?.line).toEqual(['2 Present Street'])
  expect(one?.patientName).toBe('Ada Okafor')
})

test('shows a visit whose patient may not be seen, without a name', () => {
  const [one] = homeVisitsFrom([visit('a', NOW, 'America/New_York', 'hidden')], PEOPLE, {
    now: NOW,
    locale: 'en',
  })
  expect(one).toMatchObject({ patientName: '', phone: undefined, address: undefined })
})

test('home clinicians see their own visits, those who plan see all, others none', () => {
  expect(whoseFor(['home-clinician'])).toBe('mine')
  expect(whoseFor(['home-clinician', 'scheduler'])).toBe('everybody')
  expect(whoseFor(['supervisor'])).toBe('everybody')
  expect(whoseFor(['patient', 'administrator'])).toBeUndefined()
})
