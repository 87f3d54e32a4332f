import type { Observation, Resource } from '@medplum/fhirtypes'
import { describe, expect, test } from 'vitest'

import type { Caller, Role } from './caller.ts'
import { decide, decideOperation } from './decide.ts'
import { release } from './release.ts'
import { requireScope } from './scopes.ts'

function withToken(role: Role, ...scopes: readonly string[]): Caller {
  return {
    issuer: 'https://id.example',
    subject: 's',
    organization: 'openward',
    roles: [role],
    scopes: scopes.map(requireScope),
    fhirUser: role === 'patient' ? 'Patient/a' : 'Practitioner/p',
    displayName: 'Test',
    people: role === 'patient' ? [{ patientId: 'a', relationship: 'self', resourceTypes: ['*'] }] : [],
    authenticatedAt: undefined,
  }
}

function observation(category: string | undefined, system = 'http://c'): Observation {
  return {
    resourceType: 'Observation',
    id: 'o',
    status: 'final',
    code: { text: 'x' },
    subject: { reference: 'Patient/a' },
    ...(category === undefined ? {} : { category: [{ coding: [{ system, code: category }] }] }),
  }
}

const vitals = withToken('patient', 'patient/Observation.rs?category=vital-signs')

describe('a token that has only vital signs', () => {
  test('sees vital signs and nothing else, however it asks', () => {
    expect(release(vitals, observation('vital-signs'))).toBeDefined()
    for (const category of ['laboratory', 'Vital-Signs', undefined])
      expect([category, release(vitals, observation(category))]).toEqual([category, undefined])
    const condition: Resource = {
      resourceType: 'Condition',
      id: 'c',
      subject: { reference: 'Patient/a' },
      category: [{ coding: [{ code: 'vital-signs' }] }],
    }
    expect(release(vitals, condition)).toBeUndefined()
  })

  test('searches exactly those, with the person and the category asked for beside its own wishes', () => {
    expect(
      decide(vitals, { kind: 'search', type: 'Observation', parameters: [['category', 'laboratory']] }),
    ).toEqual({
      outcome: 'narrow',
      patientIds: ['a'],
      isConditional: true,
      parameters: [
        ['patient', 'Patient/a'],
        ['category', 'vital-signs'],
      ],
    })
    expect(decide(vitals, { kind: 'search', type: 'Condition', parameters: [] })).toMatchObject({
      status: 403,
    })
    expect(decide(vitals, { kind: 'read', type: 'Observation', id: 'o' })).toMatchObject({
      outcome: 'narrow',
      isConditional: true,
    })
  })

  test('calls no operation that sees more', () => {
    const find = { type: 'Appointment' as const, name: '$find', patientIds: ['a'] }
    expect(decideOperation(vitals, find)).toMatchObject({ status: 403 })
    expect(decideOperation(withToken('patient', 'patient/Appointment.r'), find)).toMatchObject({
      outcome: 'narrow',
    })
    const book = { ...find, name: '$book' }
    expect(decideOperation(withToken('patient', 'patient/Appointment.r'), book)).toMatchObject({
      status: 403,
    })
    expect(decideOperation(withToken('patient', 'patient/Appointment.ru'), book)).toMatchObject({
      outcome: 'narrow',
    })
    expect(decideOperation(withToken('patient', 'patient/Appointment.ru?status=booked'), book)).toMatchObject(
      {
        status: 403,
      },
    )
    expect(decideOperation(vitals, { name: '$whoami', patientIds: [] })).toEqual({ outcome: 'allow' })
  })
})

test('two categories are asked in one search, two unlike conditions are refused in words', () => {
  const both = withToken(
    'clinician',
    'user/Observation.rs?category=laboratory',
    'user/Observation.rs?category=vital-signs',
  )
  const search = { kind: 'search', type: 'Observation', parameters: [] } as const
  expect(decide(both, search)).toEqual({
    outcome: 'narrow',
    patientIds: undefined,
    isConditional: true,
    parameters: [['category', 'laboratory,vital-signs']],
  })
  const unlike = withToken('clinician', 'user/Observation.rs?category=a', 'user/Observation.rs?status=final')
  expect(decide(unlike, search)).toMatchObject({ outcome: 'refuse', status: 400 })
  expect(release(unlike, observation('b'))).toBeDefined()
})

test.each([
  ['vital-signs', true],
  ['http://c|vital-signs', true],
  ['http://c|', true],
  ['|vital-signs', false],
  ['http://d|vital-signs', false],
])('category=%s fits a vital sign of its system: %s', (value, isSeen) => {
  const token = withToken('clinician', `user/Observation.rs?category=${value}`)
  expect(release(token, observation('vital-signs')) !== undefined).toBe(isSeen)
})

test('a token without scopes has what its role has, one with unknown conditions has nothing', () => {
  const { scopes: _scopes, ...whole } = withToken('clinician')
  expect(release(whole, observation('laboratory'))).toBeDefined()
  expect(release(withToken('clinician'), observation('laboratory'))).toBeUndefined()
  for (const scope of [
    'user/Observation.rs?value-quantity=5',
    'user/Observation.rs?_id=o',
    'user/Observation.cud',
  ])
    expect(release(withToken('clinician', scope), observation('laboratory'))).toBeUndefined()
})

test('a token never gives more than the role', () => {
  expect(release(withToken('scheduler', 'system/*.cruds'), observation('laboratory'))).toBeUndefined()
  expect(release(withToken('clinician', 'patient/*.rs'), observation('laboratory'))).toBeUndefined()
})

test('what is written must fulfil the condition before and after, and a deletion cannot be checked', () => {
  const admin = withToken('administrator', 'user/Location.cruds?status=active')
  const location = (status: 'active' | 'suspended'): Resource => ({
    resourceType: 'Location',
    id: 'l',
    status,
  })
  const create = (status: 'active' | 'suspended') =>
    decide(admin, { kind: 'create', type: 'Location', resource: location(status) })
  const update = (before: 'active' | 'suspended', after: 'active' | 'suspended') =>
    decide(admin, {
      kind: 'update',
      type: 'Location',
      id: 'l',
      stored: location(before),
      resource: location(after),
    })
  expect(create('active')).toEqual({ outcome: 'allow' })
  expect(update('active', 'active')).toEqual({ outcome: 'allow' })
  const roleAdmin = withToken('administrator', 'user/*.cruds?status=active')
  for (const refused of [
    create('suspended'),
    update('active', 'suspended'),
    update('suspended', 'active'),
    decide(roleAdmin, { kind: 'delete', type: 'PractitionerRole', id: 'l' }),
  ])
    expect(refused).toMatchObject({ status: 403 })
})
