import type { PractitionerRole } from '@medplum/fhirtypes'
import { workingHoursFrom } from '@openward/scheduling'
import { expect, test } from 'vitest'
import { EMPTY_WEEK } from '#/lib/hours.ts'
import { clinicianTransaction, createdPractitioner } from './clinician-transaction.ts'
import { personValuesFrom } from './person-values.ts'
import { roleValuesFrom, withRole } from './role-values.ts'

const VALUES = {
  ...personValuesFrom(undefined),
  ...roleValuesFrom(undefined),
  given: 'Ada Mae',
  family: 'Okafor',
  title: 'Nurse',
  siteId: 'site-a',
  serviceIds: ['service-b'],
  visitModes: ['video'],
  hours: { ...EMPTY_WEEK, mon: [{ start: '09:00', end: '12:00' }] },
}

test('makes person, role and calendar in one transaction, tied to each other before they have ids', () => {
  const entries = clinicianTransaction(VALUES, 'openward').toBundle().entry ?? []
  const [person, role, calendar] = entries
  expect(entries.map(({ request }) => `${request?.method} ${request?.url}`)).toEqual([
    'POST Practitioner',
    'POST PractitionerRole',
    'POST Schedule',
  ])
  expect(person?.resource).toMatchObject({ name: [{ given: ['Ada', 'Mae'], family: 'Okafor' }] })
  expect(role?.resource).toMatchObject({ practitioner: { reference: person?.fullUrl } })
  expect(calendar?.resource).toMatchObject({ actor: [{ reference: person?.fullUrl }] })
  const hours = workingHoursFrom(role?.resource as PractitionerRole)
  expect(hours.ok && hours.value).toEqual([{ daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' }])
})

test('finds the new person in the answer of the transaction', () => {
  const answer = { resourceType: 'Bundle', type: 'transaction-response' } as const
  const response = { status: '201', location: 'http://x/fhir/Practitioner/abc-1/_history/1' }
  expect(createdPractitioner({ ...answer, entry: [{ response }] })).toBe('abc-1')
  expect(createdPractitioner(answer)).toBeUndefined()
})

test('a limit to one way to be seen is stored and taken off again, everything else of a role kept', () => {
  const role: PractitionerRole & { id: string } = {
    resourceType: 'PractitionerRole',
    id: 'r',
    specialty: [{ text: 'Family doctor' }],
    period: { start: '2020-01-01' },
  }
  const limited = withRole(role, VALUES)
  expect(roleValuesFrom(limited).visitModes).toEqual(['video'])
  const open = withRole(limited, { ...VALUES, visitModes: ['in-person', 'video'] })
  expect(open.extension).toBeUndefined()
  expect(open).toMatchObject({
    id: 'r',
    specialty: [{ text: 'Family doctor' }],
    period: { start: '2020-01-01' },
  })
})
