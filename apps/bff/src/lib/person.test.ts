import type { Consent, ConsentProvision, Parameters, PractitionerRole, Resource } from '@medplum/fhirtypes'
import { EXTENSION, SYSTEM } from '@openward/fhir-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Harness, startHarness, type TestPerson } from '#/testing/harness.ts'
import * as people from '#/testing/people.ts'

const { CLINICIAN, PROXY } = people

let harness: Harness
let nowMs = Date.parse('2026-12-15T12:00:00Z')
beforeAll(async () => {
  harness = await startHarness({ now: () => nowMs })
  await harness.seed(people.RESOURCES)
  await harness.seed([
    {
      resourceType: 'Location',
      id: 'site',
      extension: [{ url: EXTENSION.siteTimeZone, valueCode: 'America/New_York' }],
    },
    {
      resourceType: 'Location',
      id: 'east',
      extension: [{ url: EXTENSION.siteTimeZone, valueCode: 'America/St_Johns' }],
    },
  ])
})
afterAll(() => harness.stop())

/** What is remembered of callers is forgotten after five seconds, and of sites after five minutes. */
async function at<T>(instant: string, ask: () => Promise<T>): Promise<T> {
  nowMs = Date.parse(instant)
  return ask()
}

let turn = 0
/** Every question a little later than the one before, so that nothing is remembered. */
async function scopes(person: TestPerson = PROXY): Promise<string[]> {
  nowMs += 6000 + turn++
  const answer = (await (await harness.fetchAs(person, '/$whoami')).json()) as Parameters
  const kid = answer.parameter?.find(({ part }) =>
    part?.some(({ valueReference }) => valueReference?.reference === 'Patient/kid'),
  )
  return kid?.part?.flatMap(({ name, valueCode }) => (name === 'scope' && valueCode ? [valueCode] : [])) ?? []
}

async function consent(provision: Partial<ConsentProvision>, id = 'consent-kid'): Promise<void> {
  const stored = await harness.record.fhir().read('Consent', 'consent-kid')
  const whole: ConsentProvision = {
    type: 'permit',
    period: { start: '2020-01-01' },
    actor: [{ role: { text: 'proxy' }, reference: { reference: 'RelatedPerson/rp-kid' } }],
    ...provision,
  }
  await harness.seed([{ ...stored, id, provision: whole } as Consent & { id: string }])
}

const types = (...codes: string[]) => codes.map((code) => ({ system: SYSTEM.resourceTypes, code }))

describe('a Consent that takes something away', () => {
  test.each<[string, ConsentProvision[], string[], string[]]>([
    [
      'one type',
      [{ type: 'deny', class: types('Observation') }],
      ['Condition', 'Patient'],
      ['Observation', '*'],
    ],
    [
      'two types, each by itself',
      [
        { type: 'deny', class: types('Observation') },
        { type: 'deny', class: types('Condition') },
      ],
      ['Patient'],
      ['Observation', 'Condition', '*'],
    ],
    ['everything', [{ type: 'deny' }], [], ['Patient', '*']],
    [
      'what is not named by type',
      [{ type: 'deny', securityLabel: [{ code: 'R' }] }],
      [],
      ['Patient', 'Observation', '*'],
    ],
    [
      'a type inside an exception inside',
      [{ type: 'permit', provision: [{ type: 'deny', class: types('Observation') }] }],
      ['Condition'],
      ['Observation', '*'],
    ],
    [
      'nothing any more',
      [{ type: 'deny', class: types('Observation'), period: { end: '2026-01' } }],
      ['*'],
      [],
    ],
    [
      'something from somebody else',
      [
        {
          type: 'deny',
          class: types('Observation'),
          actor: [{ role: { text: 'x' }, reference: { reference: 'RelatedPerson/rp-grown' } }],
        },
      ],
      ['*'],
      [],
    ],
  ])('%s', async (_what, provision, kept, gone) => {
    await consent({ provision })
    const left = await scopes()
    expect(left).toEqual(expect.arrayContaining(kept))
    for (const one of gone) expect(left).not.toContain(one)
    const { status } = await harness.fetchAs(PROXY, '/Observation/o-kid')
    expect(status === 200).toBe(left.includes('Observation') || left.includes('*'))
  })

  test('a second Consent that denies a type wins over the one that permits it', async () => {
    await consent({ class: types('Observation', 'Appointment') })
    await consent({ type: 'deny', class: types('Observation') }, 'consent-kid-2')
    expect(await scopes()).toEqual(['Appointment'])
    await consent({ type: 'deny', period: { end: '2020' } }, 'consent-kid-2')
    expect((await scopes()).toSorted()).toEqual(['Appointment', 'Observation'])
  })
})

describe('a proxy ends with its day at the site that is furthest west', () => {
  test.each([
    [2027, '2026-12-31'],
    [2028, '2027-12'],
    [2029, '2028'],
  ])('of %i: %s', async (year, end) => {
    await consent({ period: { start: '2020', end } })
    expect(await at(`${year}-01-01T03:00:00Z`, scopes)).toEqual(['*'])
    expect(await at(`${year}-01-01T04:50:00Z`, scopes)).toEqual(['*'])
    expect(await at(`${year}-01-01T05:00:00Z`, scopes)).toEqual([])
  })

  test('a moment is a moment, and the last day is told as a day', async () => {
    await consent({ period: { end: '2029-12' } })
    nowMs = Date.parse('2029-12-20T12:00:00Z')
    const text = await (await harness.fetchAs(PROXY, '/$whoami')).text()
    expect(text).toContain('"valueDate":"2029-12-31"')
    await consent({ period: { end: '2029-12-20T12:30:00-05:00' } })
    expect(await at('2029-12-20T17:20:00Z', scopes)).toEqual(['*'])
    expect(await at('2029-12-20T17:31:00Z', scopes)).toEqual([])
  })
})

describe('the roles of the token hold as far as the record knows them', () => {
  async function roles(id: string, token: TestPerson['roles']): Promise<number | string[]> {
    nowMs += 6000
    const answer = await harness.fetchAs({ fhirUser: `Practitioner/${id}`, roles: token }, '/$whoami')
    if (!answer.ok) return answer.status
    const { parameter } = (await answer.json()) as Parameters
    return (
      parameter?.flatMap(({ name, valueCode }) => (name === 'role' && valueCode ? [valueCode] : [])) ?? []
    )
  }

  async function work(id: string, rows: Partial<PractitionerRole>[]): Promise<void> {
    const resources: (Resource & { id: string })[] = [
      { resourceType: 'Practitioner', id, active: true },
      ...rows.map((row, index) => ({
        resourceType: 'PractitionerRole' as const,
        id: `${id}-${index}`,
        practitioner: { reference: `Practitioner/${id}` },
        ...row,
      })),
    ]
    await harness.seed(resources)
  }

  const code = (...codes: string[]) => [{ coding: codes.map((one) => ({ system: SYSTEM.role, code: one })) }]

  test('an ended or inactive PractitionerRole takes its role away, a second one keeps it', async () => {
    nowMs = Date.parse('2026-12-15T12:00:00Z')
    await work('worker-1', [{ code: code('clinician') }, { code: code('supervisor'), active: false }])
    expect(await roles('worker-1', ['clinician', 'supervisor'])).toEqual(['clinician'])
    await work('worker-1', [{ code: code('clinician'), period: { end: '2026-11' } }])
    expect(await roles('worker-1', ['clinician', 'supervisor'])).toBe(403)
    await work('worker-1', [{ code: code('clinician') }])
    expect(await roles('worker-1', ['clinician'])).toEqual(['clinician'])
    await work('worker-2', [
      { code: code('clinician'), period: { end: '2026-11-01' } },
      { code: code('clinician'), period: { end: '2026-12-15' } },
    ])
    expect(await roles('worker-2', ['clinician', 'administrator'])).toEqual(['clinician'])
  })

  test('takes effect on what was allowed a moment ago', async () => {
    await work('worker-3', [{ code: code('clinician') }])
    const person: TestPerson = { fhirUser: 'Practitioner/worker-3', roles: ['clinician'] }
    nowMs += 6000
    expect((await harness.fetchAs(person, '/Observation/o-a')).status).toBe(200)
    await work('worker-3', [{ code: code('clinician'), active: false }])
    nowMs += 6000
    expect((await harness.fetchAs(person, '/Observation/o-a')).status).toBe(403)
  })

  test('someone without a PractitionerRole of ours has the roles of the token', async () => {
    await work('worker-4', [
      { code: [{ coding: [{ system: 'http://nucc.org', code: 'clinician' }] }], active: false },
    ])
    expect(await roles('worker-4', ['scheduler'])).toEqual(['scheduler'])
    expect(await roles('clinician', CLINICIAN.roles)).toEqual(['clinician'])
  })
})
