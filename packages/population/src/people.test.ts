import type {
  Appointment,
  CareTeam,
  Consent,
  Patient,
  Person,
  PractitionerRole,
  RelatedPerson,
  Resource,
} from '@medplum/fhirtypes'
import { EXTENSION, SYSTEM } from '@openward/fhir-client/canonical'
import { beforeAll, expect, test } from 'vitest'

import { DEMO_ACCOUNTS } from './accounts.ts'
import { addDays, addYears, ageOn } from './dates.ts'
import { generatePopulation } from './generate.ts'
import type { PopulationPlan } from './plan.ts'

const ANCHOR = '2026-11-22'
const PLAN: PopulationPlan = {
  seed: 'openward',
  anchorDate: ANCHOR,
  now: Date.parse(`${ANCHOR}T18:00:00Z`),
  patients: 'demo',
  organization: 'openward',
}
let all: (Resource & { id: string })[] = []
let lakeside: (Resource & { id: string })[] = []

beforeAll(() => {
  all = [...generatePopulation(PLAN)]
  lakeside = [...generatePopulation({ ...PLAN, organization: 'lakeside' })]
})

function ofType<T extends Resource>(type: T['resourceType'], from: Resource[] = all): (T & { id: string })[] {
  return from.filter((resource) => resource.resourceType === type) as (T & { id: string })[]
}

function visitsOf(patient: string): Appointment[] {
  return ofType<Appointment>('Appointment').filter(({ participant }) =>
    participant.some(({ actor }) => actor?.reference === `Patient/${patient}`),
  )
}

test('the demo has 1,500 people and the second organization 60, of whom one is in both', () => {
  const here = ofType<Patient>('Patient')
  const there = ofType<Patient>('Patient', lakeside)
  expect(here).toHaveLength(1_500)
  expect(there).toHaveLength(60)
  const key = ({ name, birthDate }: Patient) =>
    `${name?.[0]?.family}|${name?.[0]?.given?.join(' ')}|${birthDate}`
  const known = new Set(here.map(key))
  expect(there.filter((person) => known.has(key(person))).map(({ id }) => id)).toEqual(['patient-00001'])
  expect(ofType('Practitioner', lakeside)).toHaveLength(4)
})

test.each([1, 40, 700])('a population of %i has as many people', (patients) => {
  expect(
    [...generatePopulation({ ...PLAN, patients })].filter((r) => r.resourceType === 'Patient'),
  ).toHaveLength(Math.max(patients, 6))
})

test('an empty population is one organization and an administrator who can sign in', () => {
  const empty = [...generatePopulation({ ...PLAN, patients: 'empty' })]
  expect(empty.map(({ resourceType, id }) => `${resourceType}/${id}`)).toEqual([
    'Organization/openward',
    'Practitioner/demo-administrator',
    'PractitionerRole/role-demo-administrator',
  ])
})

test('everyone with an account exists, and everyone who works here has the role of the account', () => {
  for (const account of DEMO_ACCOUNTS) {
    const population = account.organization === 'openward' ? all : lakeside
    expect(population.map((r) => `${r.resourceType}/${r.id}`)).toContain(account.fhirUser)
    if (!account.fhirUser.startsWith('Practitioner/')) continue
    const codes = population.flatMap((r) =>
      r.resourceType === 'PractitionerRole' && r.practitioner?.reference === account.fhirUser
        ? (r.code ?? []).flatMap(({ coding }) => coding?.filter(({ system }) => system === SYSTEM.role) ?? [])
        : [],
    )
    expect(codes.map(({ code }) => code)).toEqual(expect.arrayContaining([...account.roles]))
  }
})

test('there is one of each kind of person that software forgets', () => {
  const people = ofType<Patient>('Patient')
  const names = people.map(({ name }) => name?.[0])
  const same = people.filter(({ name }) => name?.[0]?.family === 'Okafor' && name[0].given?.[0] === 'Ngozi')
  expect(new Set(same.map(({ birthDate }) => birthDate)).size).toBe(1)
  expect(same).toHaveLength(2)
  expect(people.filter(({ link }) => link?.length).map(({ link }) => link?.[0]?.type)).toEqual([
    'replaced-by',
    'replaces',
  ])
  expect(people.some(({ birthDate }) => birthDate === addDays(ANCHOR, -3))).toBe(true)
  expect(people.some(({ birthDate }) => ageOn(birthDate ?? ANCHOR, ANCHOR) === 103)).toBe(true)
  expect(people.some(({ birthDate }) => birthDate?.endsWith('-02-29'))).toBe(true)
  expect(names.some((name) => name?.family?.length === 1)).toBe(true)
  expect(names.some((name) => (name?.family?.length ?? 0) > 60)).toBe(true)
  expect(people.some(({ name }) => name === undefined)).toBe(true)
  expect(
    names.filter((name) => /\p{Script=Arabic}|\p{Script=Hebrew}/u.test(name?.family ?? '')).length,
  ).toBeGreaterThanOrEqual(3)
  expect(names.some((name) => /\p{Script=Han}/u.test(name?.family ?? ''))).toBe(true)
  expect(names.some((name) => name?.family === 'Null')).toBe(true)
  expect(
    people.some(({ name }) =>
      name?.some(({ use, given }) => use === 'usual' && given?.[0] !== name[0]?.given?.[0]),
    ),
  ).toBe(true)
  expect(people.some(({ telecom, address }) => !telecom && address)).toBe(true)
  expect(people.some(({ telecom, address }) => telecom && !address)).toBe(true)
  const languages = people.flatMap(
    ({ communication }) => communication?.[0]?.language.coding?.[0]?.code ?? [],
  )
  expect(new Set(languages).size).toBeGreaterThanOrEqual(8)
})

test('the person who died last week still has a visit booked', () => {
  const dead = ofType<Patient>('Patient').filter(({ deceasedDateTime }) => deceasedDateTime)
  expect(dead.map(({ deceasedDateTime }) => deceasedDateTime)).toEqual([addDays(ANCHOR, -6)])
  const booked = visitsOf(dead[0]?.id ?? '').filter(
    ({ status, start }) => status === 'booked' && (start ?? '') > ANCHOR,
  )
  expect(booked).toHaveLength(1)
})

test('the patient account has one visit in three days and eleven past ones, three of them told apart', () => {
  const visits = visitsOf('demo-patient')
  const coming = visits.filter(({ start }) => (start ?? '') >= ANCHOR)
  expect(coming.map(({ start }) => start?.slice(0, 10))).toEqual([addDays(ANCHOR, 3)])
  const past = visits.filter(({ start }) => (start ?? '') < ANCHOR)
  expect(past).toHaveLength(11)
  const cancelledBy = past
    .filter(({ status }) => status === 'cancelled')
    .map(({ extension }) => extension?.find(({ url }) => url === EXTENSION.cancelledBy)?.valueCode)
  expect(new Set(cancelledBy)).toEqual(new Set(['clinic', 'patient']))
  expect(cancelledBy).toHaveLength(2)
  expect(past.filter(({ status }) => status === 'noshow')).toHaveLength(1)
  expect(
    past.every(
      ({ status, cancelationReason }) => status !== 'cancelled' || cancelationReason?.coding?.[0]?.code,
    ),
  ).toBe(true)
})

test.each(['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28'])(
  'the patient account has a visit in three days when the population starts on %s',
  (anchorDate) => {
    const visits = [
      ...generatePopulation({ ...PLAN, anchorDate, now: Date.parse(`${anchorDate}T12:00:00Z`) }),
    ].filter(
      (r): r is Appointment & { id: string } =>
        r.resourceType === 'Appointment' &&
        r.participant.some(({ actor }) => actor?.reference === 'Patient/demo-patient') &&
        (r.start ?? '') >= anchorDate,
    )
    expect(visits.map(({ start }) => start?.slice(0, 10))).toEqual([addDays(anchorDate, 3)])
  },
)

test('the second patient account has a right-to-left name and nothing on record', () => {
  const patient = ofType<Patient>('Patient').find(({ id }) => id === 'demo-patient2')
  expect(patient?.name?.[0]?.family).toMatch(/\p{Script=Arabic}/u)
  const mentions = all.filter((r) => JSON.stringify(r).includes('Patient/demo-patient2'))
  expect(mentions).toEqual([])
})

test('every staff account has a PractitionerRole that holds for each role of its token', () => {
  for (const { fhirUser, roles, organization } of DEMO_ACCOUNTS) {
    if (!fhirUser.startsWith('Practitioner/')) continue
    const here = organization === PLAN.organization ? all : lakeside
    const held = ofType<PractitionerRole>('PractitionerRole', here).filter(
      ({ practitioner, active, period }) =>
        practitioner?.reference === fhirUser && active === true && period?.end === undefined,
    )
    const codes = held.flatMap(({ code }) => code?.flatMap(({ coding }) => coding ?? []) ?? [])
    const own = codes.filter(({ system }) => system === SYSTEM.role).map(({ code }) => code)
    expect([fhirUser, ...own]).toEqual(expect.arrayContaining([fhirUser, ...roles]))
  }
})

test('the proxy may act for a child, for a teenager and for her mother within limits, and no longer for a fourth person', () => {
  const person = ofType<Person>('Person').find(({ id }) => id === 'demo-proxy')
  const relations = person?.link?.map(({ target }) => target.reference?.split('/')[1]) ?? []
  expect(relations).toHaveLength(4)
  const found = relations.map((id) => {
    const relation = ofType<RelatedPerson>('RelatedPerson').find((r) => r.id === id)
    const consent = ofType<Consent>('Consent').find(
      (r) => r.provision?.actor?.[0]?.reference.reference === `RelatedPerson/${id}`,
    )
    const patient = ofType<Patient>('Patient').find((r) => `Patient/${r.id}` === relation?.patient.reference)
    return {
      age: ageOn(patient?.birthDate ?? ANCHOR, ANCHOR),
      isSame: consent?.patient?.reference === relation?.patient.reference,
      status: consent?.status,
      until: consent?.provision?.period?.end,
      relationEnds: relation?.period?.end,
      classes: consent?.provision?.class?.map(({ code }) => code) ?? [],
    }
  })
  expect(found.map(({ age, status }) => [age, status])).toEqual([
    [9, 'active'],
    [15, 'active'],
    [79, 'active'],
    [83, 'inactive'],
  ])
  expect(found.every(({ isSame }) => isSame)).toBe(true)
  expect(found[0]?.classes).toEqual([])
  expect(found[1]?.classes).not.toContain('Condition')
  expect(found[2]).toMatchObject({
    until: addDays(ANCHOR, 20),
    classes: ['Patient', 'Appointment', 'Schedule', 'Slot'],
  })
  expect((found[3]?.relationEnds ?? '9999') < ANCHOR).toBe(true)
})

test('the care manager has a panel of 118 people, each once', () => {
  const panel = ofType<CareTeam>('CareTeam')
    .filter(({ participant }) =>
      participant?.some(({ member }) => member?.reference === 'Practitioner/demo-care-manager'),
    )
    .map(({ subject }) => subject?.reference)
  expect(new Set(panel).size).toBe(118)
  expect(panel).toHaveLength(118)
})

test('home clinicians have 90 visits today, in the states of the clock', () => {
  const encounters = all.filter((r) => r.resourceType === 'Encounter' && r.class.code === 'HH')
  expect(encounters).toHaveLength(90)
  const statuses = new Set(encounters.map((r) => (r.resourceType === 'Encounter' ? r.status : '')))
  expect(statuses).toEqual(new Set(['finished', 'in-progress', 'planned']))
})

test('groups for outreach hold 20 to 400 people each, one fewer than 11', () => {
  const sizes = all
    .flatMap((r) => (r.resourceType === 'Group' ? [r.member?.length ?? 0] : []))
    .sort((a, b) => a - b)
  expect(sizes[0]).toBeLessThan(11)
  expect(sizes.slice(1).every((size) => size >= 20 && size <= 400)).toBe(true)
})

test('visits, teams and encounters show names, and nothing was booked later than now', () => {
  const next = visitsOf('demo-patient').find(({ start }) => (start ?? '') >= ANCHOR)
  expect(next?.participant.map(({ actor }) => actor?.display)).toEqual([
    'Maya Thornton',
    expect.stringMatching(/^Dr\. /),
    'Openward New York',
    'Check-up',
  ])
  const late = ofType<Appointment>('Appointment').filter(
    ({ created }) => Date.parse(created ?? '') > PLAN.now,
  )
  expect(late).toEqual([])
})

test('whoever has a visit that needs a referral has one, and the patient account has none', () => {
  const referred = new Set(
    all.flatMap((r) => (r.resourceType === 'ServiceRequest' ? [r.subject.reference] : [])),
  )
  const visits = ofType<Appointment>('Appointment').filter(
    ({ serviceType }) => serviceType?.[0]?.coding?.[0]?.code === 'cardiology',
  )
  expect(visits.length).toBeGreaterThan(20)
  expect(visits.filter(({ participant }) => !referred.has(participant[0]?.actor?.reference))).toEqual([])
  expect(referred.has('Patient/demo-patient')).toBe(false)
})

test('a year earlier than 29 February is 28 February', () => {
  expect(addYears('2028-02-29', -1)).toBe('2027-02-28')
})
