import type { Patient } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import { expect, test } from 'vitest'

import { formOf, mergeForms, withForm } from './profile.ts'

const patient: Versioned<Patient> = {
  resourceType: 'Patient',
  id: 'p',
  meta: { versionId: '3' },
  name: [{ use: 'official', family: 'Ortega', given: ['Rafael', 'José'] }],
  telecom: [
    { system: 'phone', value: '+1-212-555-0100', use: 'mobile' },
    { system: 'email', value: 'r@example.org' },
    { system: 'phone', value: '+1-212-555-0199', use: 'work' },
  ],
  address: [{ use: 'home', line: ['1 Main St', 'Apt 2'], city: 'Bronx', state: 'NY', district: 'Bronx' }],
  communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'es' }] }, preferred: true }],
  birthDate: '1990-10-23',
}

test('a form that was not changed changes nothing', () => {
  expect(withForm(patient, formOf(patient))).toEqual(patient)
})

test('only what was changed is changed, and the official name never is', () => {
  const changed = withForm(patient, {
    ...formOf(patient),
    preferredName: 'Rafa',
    phone: '+1-212-555-0111',
    language: 'en',
  })
  expect(changed.name).toEqual([...(patient.name ?? []), { use: 'usual', given: ['Rafa'], family: 'Ortega' }])
  expect(changed.telecom?.map(({ value }) => value)).toEqual([
    '+1-212-555-0111',
    'r@example.org',
    '+1-212-555-0199',
  ])
  expect(
    changed.communication?.map(({ language, preferred }) => [language.coding?.[0]?.code, preferred]),
  ).toEqual([
    ['en', true],
    ['es', undefined],
  ])
  expect(changed.address).toEqual(patient.address)
  expect(changed.birthDate).toBe(patient.birthDate)
})

test('what is emptied is taken out, with no empty list left behind', () => {
  const { telecom: _none, ...rest } = patient
  const only: Versioned<Patient> = { ...rest, telecom: [{ system: 'email', value: 'r@example.org' }] }
  expect(withForm(only, { ...formOf(only), email: '' })).not.toHaveProperty('telecom')
})

test('a change made meanwhile is kept where this person changed nothing, and told where both did', () => {
  const base = formOf(patient)
  const mine = { ...base, phone: '111-1111', city: 'Queens' }
  const theirs = { ...base, phone: '222-2222', email: 'new@example.org' }
  const { merged, conflicts } = mergeForms(base, mine, theirs)
  expect(merged).toMatchObject({ phone: '111-1111', city: 'Queens', email: 'new@example.org' })
  expect(conflicts).toEqual([
    { field: 'phone', theirs: '222-2222', mine: '111-1111' },
    { field: 'email', theirs: 'new@example.org', mine: undefined },
  ])
})
