import type { Appointment, Bundle, Observation, Patient, Practitioner, Resource } from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { type Caller, type ReachablePerson, type Role, ROLES } from './caller.ts'
import { ownersOf, patientsIn } from './compartment.ts'
import { decide, decideOperation } from './decide.ts'
import { release } from './release.ts'

const CANARY = 'canary-7c1f'
const SELF: ReachablePerson = { patientId: 'a', relationship: 'self', resourceTypes: ['*'] }
const WARD: ReachablePerson = {
  patientId: 'k',
  relationship: 'CHILD',
  resourceTypes: ['Appointment', 'Immunization'],
}

function callerOf(roles: readonly Role[], people: readonly ReachablePerson[] = [SELF, WARD]): Caller {
  const fhirUser = roles.includes('patient') ? 'Patient/a' : 'Practitioner/p'
  return {
    issuer: 'i',
    subject: 's',
    organization: 'openward',
    roles,
    fhirUser,
    displayName: 'x',
    people,
    authenticatedAt: undefined,
  }
}

const patient = callerOf(['patient'])

function observation(subject: string): Observation {
  return {
    resourceType: 'Observation',
    id: 'o',
    status: 'final',
    code: { text: CANARY },
    subject: { reference: subject },
  }
}

function visit(...actors: string[]): Appointment {
  const participant = actors.map((reference) => ({
    status: 'accepted' as const,
    actor: { reference, display: reference },
  }))
  return { resourceType: 'Appointment', id: 'v', status: 'booked', participant }
}

function search(
  caller: Caller,
  type: 'Observation' | 'Patient' | 'Appointment' | 'Practitioner',
  ...parameters: [string, string][]
) {
  return decide(caller, { kind: 'search', type, parameters })
}

describe('a patient', () => {
  test('searches get exactly the parameter that expresses the reach, by type and Consent', () => {
    expect(search(patient, 'Observation')).toMatchObject({
      outcome: 'narrow',
      parameters: [['patient', 'Patient/a']],
    })
    expect(search(patient, 'Appointment')).toMatchObject({ parameters: [['patient', 'Patient/a,Patient/k']] })
    expect(search(patient, 'Patient')).toMatchObject({ parameters: [['_id', 'a']] })
  })

  test.each([
    ['Observation', 'patient', 'b'],
    ['Observation', 'patient', 'Patient/b'],
    ['Observation', 'patient', 'k'],
    ['Patient', '_id', 'b'],
    ['Appointment', 'actor', 'Patient/b'],
    ['Appointment', 'patient', 'b,c'],
  ] as const)('is refused %s?%s=%s without a look at the record', (type, name, value) => {
    expect(search(patient, type, [name, value])).toMatchObject({ outcome: 'refuse', status: 403 })
  })

  test('asking for several people keeps the narrowing beside their own words', () => {
    expect(search(patient, 'Observation', ['patient', 'a,b'])).toMatchObject({
      outcome: 'narrow',
      parameters: [['patient', 'Patient/a']],
    })
    expect(search(patient, 'Appointment', ['actor', 'Practitioner/1'])).toMatchObject({ outcome: 'narrow' })
  })

  test.each([
    'pateint',
    'subject.name',
    '_has:Observation:patient:code',
    '_filter',
    '_text',
    '_content',
    '_query',
    'code:below',
    'patient:missing',
    'patient:Patient.birthdate',
    '_security',
    '__proto__',
    'constructor',
    '_type',
    '_contained',
    '_profile',
    'status:not-in',
  ])('gets 400 for the search parameter %s, with its name', (name) => {
    expect(search(patient, 'Observation', [name, 'x'])).toMatchObject({
      outcome: 'refuse',
      status: 400,
      expression: name,
    })
  })

  test.each([
    ['_include', '*'],
    ['_include', 'Observation:focus'],
    ['_include:iterate', 'Observation:patient'],
    ['_revinclude', '*'],
    ['_revinclude', 'Provenance:target'],
    ['_sort', '-value'],
    ['_count', '-1'],
    ['_count', '99999'],
    ['_summary', 'true'],
    ['_elements', '../x'],
    ['patient', 'https://elsewhere.example/Patient/1'],
    ['patient', 'Patient/a|b'],
    ['code', ''],
    ['code', 'a\u0000b'],
  ] as const)('gets 400 for %s=%s', (name, value) => {
    expect(search(patient, 'Observation', [name, value])).toMatchObject({
      outcome: 'refuse',
      status: 400,
      expression: name,
    })
  })

  test('may not find people or staff by what is hidden from them', () => {
    expect(search(patient, 'Patient', ['identifier', 'x'])).toMatchObject({ status: 400 })
    expect(search(patient, 'Practitioner', ['identifier', 'x'])).toMatchObject({ status: 400 })
    expect(search(patient, 'Practitioner', ['name', 'x'])).toMatchObject({ outcome: 'allow' })
  })

  test('is given their own resources and never another person’s', () => {
    expect(release(patient, observation('Patient/a'))).toBeDefined()
    for (const subject of [
      'Patient/b',
      'Patient/k',
      'Group/a',
      'https://x.example/Patient/a',
      'Patient/a/x',
      '#a',
      '',
    ]) {
      expect(release(patient, observation(subject))).toBeUndefined()
    }
  })

  test('sees a ward as far as the Consent lists types', () => {
    expect(release(patient, visit('Patient/k'))).toBeDefined()
    expect(release(patient, { resourceType: 'Patient', id: 'k' })).toBeUndefined()
  })

  test('sees in a joint visit the staff and no other patient', () => {
    const released = release(patient, visit('Patient/a', 'Patient/b', 'Practitioner/1')) as Appointment
    expect(released.participant.map(({ actor }) => actor?.reference)).toEqual(['Patient/a', 'Practitioner/1'])
  })

  test('sees of a clinician the professional part only', () => {
    const practitioner: Practitioner = {
      resourceType: 'Practitioner',
      id: 'p',
      text: { status: 'generated', div: CANARY },
      name: [{ family: 'Raman' }],
      birthDate: '1980-01-01',
      telecom: [{ value: CANARY }],
      address: [{ text: CANARY }],
      identifier: [
        { system: 'http://hl7.org/fhir/sid/us-npi', value: '1' },
        { system: 'https://issuer.example', value: CANARY },
      ],
    }
    const released = release(patient, practitioner)
    expect(JSON.stringify(released)).not.toContain(CANARY)
    expect(released).toMatchObject({ name: [{ family: 'Raman' }], identifier: [{ value: '1' }] })
    expect(released).not.toHaveProperty('birthDate')
    expect(release(callerOf(['scheduler'], []), practitioner)).toEqual(practitioner)
  })

  test('may name only their own people in an operation', () => {
    const request = { type: 'Appointment' as const, name: '$book' }
    expect(decideOperation(patient, { ...request, patientIds: ['k'] }).outcome).toBe('narrow')
    expect(decideOperation(patient, { ...request, patientIds: ['k', 'b'] }).outcome).toBe('refuse')
  })

  test('who has nobody left to act for is refused, not answered with everything', () => {
    const nobody = callerOf(['patient'], [])
    expect(search(nobody, 'Observation')).toMatchObject({ status: 403 })
    expect(decideOperation(nobody, { type: 'Appointment', name: '$find', patientIds: [] }).outcome).toBe(
      'refuse',
    )
  })
})

describe('staff', () => {
  test.each(['scheduler', 'outreach-author'] as const)('%s sees of a patient what the work needs', (role) => {
    const stored: Patient = {
      resourceType: 'Patient',
      id: 'b',
      name: [{ family: 'B' }],
      text: { status: 'generated', div: CANARY },
      maritalStatus: { text: CANARY },
      extension: [{ url: 'http://race.example', valueString: CANARY }],
      contained: [{ resourceType: 'Basic', code: { text: CANARY } }],
    }
    const released = release(callerOf([role], []), stored)
    expect(JSON.stringify(released)).not.toContain(CANARY)
    expect(released?.meta?.tag?.[0]?.code).toBe('SUBSETTED')
    expect(release(callerOf(['clinician'], []), stored)).toBe(stored)
    expect(release(callerOf([role, 'clinician'], []), stored)).toBe(stored)
  })
})

describe('a Bundle', () => {
  const entry = (resource: Resource, mode: 'match' | 'include' = 'match') => ({ resource, search: { mode } })

  test('loses its total when an entry is dropped, and keeps its next link', () => {
    const link = [{ relation: 'next', url: 'x' }]
    const bundle: Bundle = {
      resourceType: 'Bundle',
      type: 'searchset',
      total: 2,
      link,
      entry: [entry(observation('Patient/a')), entry(observation('Patient/b'))],
    }
    const released = release(patient, bundle) as Bundle
    expect(released.entry).toHaveLength(1)
    expect(released).not.toHaveProperty('total')
    expect(released.link).toEqual(link)
  })

  test('keeps its total when only an included resource is dropped', () => {
    const bundle: Bundle = {
      resourceType: 'Bundle',
      type: 'searchset',
      total: 1,
      entry: [entry(observation('Patient/a')), entry(observation('Patient/b'), 'include')],
    }
    expect(release(patient, bundle)).toMatchObject({ total: 1, entry: [{ search: { mode: 'match' } }] })
  })

  test('never lets a forbidden resource through, however deep it is packed', () => {
    const leaf: Resource = observation('Patient/b')
    const packed = fc.letrec<{ node: Resource }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 5, depthSize: 'small' },
        fc.constant(leaf),
        tie('node').map((inner): Resource => ({
          resourceType: 'Bundle',
          type: 'collection',
          entry: [{ resource: inner }],
        })),
        tie('node').map((inner): Resource => ({
          resourceType: 'Parameters',
          parameter: [{ name: 'x', resource: inner }],
        })),
        tie('node').map((inner): Resource => ({
          resourceType: 'Parameters',
          parameter: [{ name: 'x', part: [{ name: 'y', resource: inner }] }],
        })),
      ),
    })).node
    fc.assert(
      fc.property(packed, (resource) => {
        expect(JSON.stringify(release(patient, resource)) ?? '').not.toContain(CANARY)
      }),
    )
  })
})

describe('the compartment', () => {
  test('tells owners from those who are only mentioned', () => {
    const note: Resource = {
      resourceType: 'Communication',
      status: 'completed',
      subject: { reference: 'Patient/b' },
      recipient: [{ reference: 'Patient/a' }],
    }
    expect(ownersOf(note)).toEqual(['b'])
    expect(patientsIn(note)).toEqual(['b', 'a'])
    expect(release(patient, note)).toBeUndefined()
  })
})

describe('plain writes', () => {
  const stored: Patient = {
    resourceType: 'Patient',
    id: 'a',
    active: true,
    name: [{ use: 'official', family: 'A' }],
    telecom: [{ value: '1' }],
  }
  const update = (resource: Patient, caller = patient) =>
    decide(caller, { kind: 'update', type: 'Patient', id: resource.id ?? '', resource, stored })

  test('let patients change phone, address, languages and preferred name', () => {
    expect(update({ ...stored, telecom: [{ value: '2' }] }).outcome).toBe('allow')
    expect(update({ ...stored, name: [...(stored.name ?? []), { use: 'usual', text: 'Al' }] }).outcome).toBe(
      'allow',
    )
    expect(
      update({ ...stored, address: [{ city: 'X' }], communication: [{ language: { text: 'es' } }] }).outcome,
    ).toBe('allow')
  })

  test.each([
    { active: false },
    { managingOrganization: { reference: 'Organization/x' } },
    { link: [] },
    { identifier: [] },
    { birthDate: '1990-01-01' },
    { generalPractitioner: [] },
    { name: [{ use: 'official' as const, family: 'Z' }] },
    { extension: [{ url: 'x', valueString: 'y' }] },
    { meta: { security: [{ code: 'R' }] } },
    { meta: { tag: [{ code: 'x' }] } },
    { meta: { author: { reference: 'Patient/b' } } },
  ])('refuse a patient’s change of %j with 422', (change) => {
    expect(update({ ...stored, ...change } as Patient)).toMatchObject({ outcome: 'refuse', status: 422 })
  })

  test('let nobody change another person’s details, a ward’s included', () => {
    for (const id of ['b', 'k']) expect(update({ ...stored, id })).toMatchObject({ status: 403 })
  })

  test('keep a calendar revision from an administrator too', () => {
    const administrator = callerOf(['administrator'], [])
    const schedule = { resourceType: 'Schedule' as const, id: 's', actor: [{ reference: 'Practitioner/p' }] }
    const revised = { ...schedule, extension: [{ url: EXTENSION.calendarRevision, valueUuid: 'u' }] }
    const write = { kind: 'update' as const, type: 'Schedule' as const, id: 's' }
    expect(decide(administrator, { ...write, resource: revised, stored: schedule })).toMatchObject({
      status: 422,
    })
    expect(decide(administrator, { ...write, resource: schedule, stored: revised })).toMatchObject({
      status: 422,
    })
    expect(
      decide(administrator, { ...write, resource: { ...revised, comment: 'x' }, stored: revised }).outcome,
    ).toBe('allow')
  })

  test('of a patient’s own fields take known elements only, in bounded number and length', () => {
    const extension = [{ url: 'x', valueReference: { reference: 'Patient?family=Thornton' } }]
    const refused = [
      { telecom: [{ value: '1' }, { value: '2', extension }] },
      { telecom: [{ value: '2', _value: { extension } }] },
      { telecom: [{ value: 'x'.repeat(201) }] },
      { telecom: Array.from({ length: 21 }, (_, index) => ({ value: String(index) })) },
      { telecom: [{ value: '2', period: { start: '2026', extension } }] },
      { _telecom: [{ extension }] },
      { address: [{ extension }] },
      { address: [{ line: Array.from({ length: 21 }, String) }] },
      { address: [{ city: 'X', id: 'x' }] },
      { name: [...(stored.name ?? []), { use: 'usual', text: 'Al', extension }] },
      { communication: [{ language: { coding: [{ code: 'es', extension }] } }] },
      { communication: [{ language: { text: 'es', extension } }] },
      { meta: { profile: ['http://x.example'] } },
    ]
    for (const change of refused)
      expect([change, update({ ...stored, ...change } as never)]).toMatchObject([change, { status: 422 }])
  })

  test('keep what a patient’s fields have already, extensions included, when a value beside it changes', () => {
    const extension = [{ url: 'geolocation', valueDecimal: 1 }]
    const imported: Patient = {
      ...stored,
      address: [{ city: 'X', extension }],
      telecom: Array.from({ length: 30 }, (_, index) => ({ value: String(index) })),
    }
    const change = {
      ...imported,
      address: [{ city: 'Y', extension }],
      telecom: imported.telecom?.toReversed(),
    }
    const write = { kind: 'update' as const, type: 'Patient' as const, id: 'a', stored: imported }
    expect(decide(patient, { ...write, resource: change as Patient }).outcome).toBe('allow')
  })

  test('leave a calendar whose it is, whoever asks', () => {
    const stored = {
      resourceType: 'Schedule' as const,
      id: 's',
      active: true,
      actor: [{ reference: 'Practitioner/p', type: 'Practitioner' as const, id: 'x' }],
      extension: [{ url: EXTENSION.calendarRevision, valueUuid: 'u' }],
    }
    const ask = (change: object, role: Role) =>
      decide(callerOf([role], []), {
        kind: 'update',
        type: 'Schedule',
        id: 's',
        resource: { ...stored, ...change },
        stored,
      })
    const actors = [
      [{ reference: 'Practitioner/q', type: 'Practitioner', id: 'x' }],
      [{ reference: 'Practitioner/p', type: 'Location', id: 'x' }],
      [{ reference: 'Practitioner/p', type: 'Practitioner', id: 'y' }],
      [...stored.actor, { reference: 'Practitioner/q' }],
      [],
    ]
    for (const role of ROLES) for (const actor of actors) expect(ask({ actor }, role).outcome).toBe('refuse')
    for (const actor of actors)
      expect(ask({ actor }, 'administrator')).toMatchObject({ status: 422, expression: 'Schedule.actor' })
    const twice = { extension: [...stored.extension, { url: EXTENSION.calendarRevision, valueUuid: 'v' }] }
    expect(ask(twice, 'administrator')).toMatchObject({ status: 422 })
    expect(ask({ active: false }, 'administrator').outcome).toBe('allow')
    for (const role of ROLES.filter((one) => one !== 'administrator'))
      expect(ask({ active: false }, role).outcome).toBe('refuse')
    expect(
      decide(callerOf(['administrator'], []), { kind: 'create', type: 'Schedule', resource: stored }),
    ).toMatchObject({ status: 422, expression: 'Schedule.extension' })
  })

  test('with any JSON in any element are decided, and never fail', () => {
    const administrator = callerOf(['administrator'], [])
    const element = fc.constantFrom(
      'meta',
      'name',
      'extension',
      'actor',
      'telecom',
      'address',
      'communication',
    )
    const caller = fc.constantFrom(patient, administrator)
    const type = fc.constantFrom('Patient' as const, 'Schedule' as const, 'Location' as const)
    fc.assert(
      fc.property(caller, type, element, fc.jsonValue(), (who, resourceType, name, value) => {
        const base = { resourceType, id: 'a', name: [{ use: 'official', family: 'A' }] } as never as Patient
        const resource = { ...(base as object), [name]: value } as never as Patient
        for (const write of [
          { kind: 'create' as const, type: resourceType, resource },
          { kind: 'update' as const, type: resourceType, id: 'a', resource, stored: base },
        ])
          expect(['allow', 'refuse']).toContain(decide(who, write).outcome)
      }),
      {
        examples: [
          [patient, 'Patient', 'meta', 'x'],
          [patient, 'Patient', 'name', [null]],
        ],
      },
    )
  })
})
