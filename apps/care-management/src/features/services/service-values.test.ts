import type { HealthcareService } from '@medplum/fhirtypes'
import { RULE_LIMITS, serviceRulesFrom } from '@openward/scheduling'
import { expect, test } from 'vitest'
import {
  newService,
  problemsOfServiceValues,
  serviceCode,
  serviceValuesFrom,
  type ServiceValues,
  withServiceValues,
} from './service-values.ts'

const VALUES: ServiceValues = {
  ...serviceValuesFrom(undefined),
  name: 'Heart check',
  nameEs: 'Revisión del corazón',
  comment: 'We listen to your heart.',
  commentEs: 'Escuchamos su corazón.',
  siteIds: ['site-a'],
}

test('what is saved is what the booking rules and the form read again', () => {
  const service = withServiceValues(newService('Heart check', 'openward', new Set()), {
    ...VALUES,
    durationMinutes: 45,
    minimumAgeYears: 18,
    visitMode: ['in-person', 'video'],
    needsRoom: true,
  })
  const rules = serviceRulesFrom(service)
  expect(rules.ok && rules.value).toMatchObject({ durationMinutes: 45, minimumAgeYears: 18, needsRoom: true })
  expect(serviceValuesFrom(service)).toMatchObject({ name: 'Heart check', nameEs: 'Revisión del corazón' })
})

test('keeps what the form does not show: other extensions, types, other translations', () => {
  const stored = {
    resourceType: 'HealthcareService',
    id: 's',
    extension: [{ url: 'https://example.org/other', valueString: 'kept' }],
    specialty: [{ text: 'Cardiology' }],
    location: [{ reference: 'Location/site-a', display: 'Site A' }],
    name: 'Old',
    _name: {
      extension: [
        {
          url: 'http://hl7.org/fhir/StructureDefinition/translation',
          extension: [
            { url: 'lang', valueCode: 'vi' },
            { url: 'content', valueString: 'Khám tim' },
          ],
        },
      ],
    },
  } as HealthcareService
  const saved = withServiceValues(stored, VALUES) as unknown as Record<string, unknown>
  expect(saved).toMatchObject({ specialty: [{ text: 'Cardiology' }], location: [{ display: 'Site A' }] })
  expect(JSON.stringify(saved)).toContain('Khám tim')
  expect(JSON.stringify(saved)).toContain('https://example.org/other')
})

test('names every field that is missing or outside its limits', () => {
  const wrong = {
    ...VALUES,
    name: ' ',
    siteIds: [],
    visitMode: [],
    durationMinutes: Number.NaN,
    horizonDays: RULE_LIMITS.horizonDays.most + 1,
    minimumAgeYears: 70,
    maximumAgeYears: 10,
  }
  expect(problemsOfServiceValues(wrong)).toEqual([
    { name: 'name', code: 'missing' },
    { name: 'siteIds', code: 'missing' },
    { name: 'durationMinutes', code: 'not-a-number' },
    { name: 'horizonDays', code: 'too-large' },
    { name: 'maximumAgeYears', code: 'age-range' },
    { name: 'visitMode', code: 'missing' },
  ])
  expect(problemsOfServiceValues(VALUES)).toEqual([])
})

test('a new service gets a code from its name that no other one has', () => {
  expect(serviceCode('Revisión del Corazón!', new Set())).toBe('revision-del-corazon')
  expect(serviceCode('Check-up', new Set(['check-up', 'check-up-2']))).toBe('check-up-3')
  expect(serviceCode('检查', new Set())).toBe('service')
})
