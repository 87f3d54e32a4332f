import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OWN, profileOf, save } from '../../testing/profiles.ts'
import { openTestStore, type TestStore } from '../../testing/store.ts'
import { validate } from '../validate.ts'

let record: TestStore
beforeAll(() => {
  record = openTestStore()
})
afterAll(() => record.close())

const claiming = (profile: string, resource: object) => ({ ...resource, meta: { profile: [OWN + profile] } })
const patient = (more: object) => ({ resourceType: 'Patient', ...more })

test('two profiles that are based on each other end no write', () => {
  save(
    record,
    profileOf('ring-a', 'Patient', [['Patient.name', { min: 1 }]], { baseDefinition: `${OWN}ring-b` }),
  )
  save(
    record,
    profileOf('ring-b', 'Patient', [['Patient.gender', { min: 1 }]], { baseDefinition: `${OWN}ring-a` }),
  )
  expect(save(record, claiming('ring-a', patient({})))?.length).toBeGreaterThan(0)
  expect(save(record, claiming('ring-a', patient({ name: [{ text: 'x' }], gender: 'male' })))).toBeUndefined()
})

const constraint = (expression: string) => ({
  constraint: [{ key: 'own-1', severity: 'error', human: 'x', expression }],
})

test('an expression that compares everything with everything is asked of resources of usual size only', () => {
  save(
    record,
    profileOf('costly', 'Patient', [['Patient', constraint('name.family.distinct().count() > 1')]]),
  )
  const named = (count: number) =>
    claiming('costly', patient({ name: Array.from({ length: count }, () => ({ family: 'x' })) }))
  expect(save(record, named(10))).toEqual(['Patient own-1: x'])
  expect(save(record, named(2000))).toBeUndefined()
})

test('a pattern that could run for hours is not run, and $validate says so', () => {
  save(
    record,
    profileOf('endless', 'Patient', [['Patient', constraint("name.family.first().matches('^(a+)+$')")]]),
  )
  const resource = claiming('endless', patient({ name: [{ family: `${'a'.repeat(40)}!` }] }))
  expect(validate(resource as never, record.store)).toEqual({
    errors: [],
    gaps: ['The constraint own-1 is not checked: its pattern could run for hours.'],
  })
})

test('profiles that ask for each other on every level cost a bounded time', () => {
  const nested = (id: string): [string, object][] => [
    ['Extension.url', { min: 1 }],
    [
      'Extension.extension',
      { min: 0, type: [{ code: 'Extension', profile: [`${OWN}${id}-1`, `${OWN}${id}-2`] }] },
    ],
  ]
  for (const id of ['bomb-1', 'bomb-2'])
    save(record, profileOf(id, 'Extension', nested('bomb'), { url: OWN + id }))
  let inner: object = { url: 'urn:other', valueString: 'x' }
  for (let depth = 0; depth < 40; depth++) inner = { url: `${OWN}bomb-1`, extension: [inner] }
  expect(save(record, patient({ extension: [inner] }))).not.toBeUndefined()
})

test('patterns and slices that compare long lists with long lists cost a bounded time', () => {
  const codes = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ system: 'urn:s', code: `c${at}` }))
  const patternCodeableConcept = { coding: [...codes(500), { code: 'never' }] }
  const slices = Array.from({ length: 50 }, (_, at): [string, object] => [
    `Observation.category:s${at}`,
    { sliceName: `s${at}`, patternCodeableConcept },
  ])
  const slicing = { discriminator: [{ type: 'pattern', path: '$this' }], rules: 'open' }
  save(record, profileOf('long', 'Observation', [['Observation.category', { slicing }], ...slices]))
  const observation = (count: number, length: number) =>
    claiming('long', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      category: Array.from({ length: count }, () => ({ coding: codes(length) })),
    })
  expect(save(record, observation(50, 500))?.join(' ')).toContain('takes too long')
  expect(save(record, observation(3, 4))).toBeUndefined()
})

test('whatever a definition says, it is stored or refused in words, and so is what claims it', () => {
  const name = fc.constantFrom(
    'name',
    'identifier',
    'identifier:a',
    'identifier:a/b',
    'value[x]',
    'deceased[x]',
    'deceasedBoolean',
    'extension:x',
    'contact',
    'contact.name',
    'photo',
    'x',
    '',
    ':',
    'birthDate.extension',
    'name.family.value',
  )
  const json = fc.jsonValue({ maxDepth: 3 })
  const mess = fc.oneof(
    json,
    fc.constantFrom('0', '*', 'Patient', [], [{}], [{ code: 'Quantity' }], 'urn:x', [
      { code: 'Extension', profile: [`${OWN}fuzz`] },
    ]),
  )
  const says = fc.record(
    {
      min: fc.oneof(fc.nat(3), mess),
      max: fc.constantFrom('0', '1', '*', '-1', 'x'),
      type: fc.oneof(mess, fc.constant([{ code: 'Reference', targetProfile: [`${OWN}fuzz`] }])),
      sliceName: fc.constantFrom('a', 'b', ''),
      slicing: fc.oneof(
        mess,
        fc.record({
          rules: fc.constantFrom('open', 'closed', 'openAtEnd'),
          discriminator: fc.oneof(
            mess,
            fc.array(
              fc.record({
                type: fc.constantFrom('value', 'type', 'exists', 'profile', 'x'),
                path: fc.constantFrom(
                  '$this',
                  'system',
                  'a.b',
                  'resolve()',
                  'ofType(',
                  "extension('urn:x').value",
                  '',
                ),
              }),
              { maxLength: 2 },
            ),
          ),
        }),
      ),
      patternIdentifier: mess,
      fixedString: mess,
      binding: fc.oneof(
        mess,
        fc.record({ strength: fc.constant('required'), valueSet: fc.constantFrom('urn:x', `${OWN}fuzz`) }),
      ),
      constraint: fc.oneof(
        mess,
        fc.array(
          fc.record({
            key: json,
            severity: fc.constant('error'),
            human: json,
            expression: fc.constantFrom(
              'name',
              '(',
              'a.b()',
              "name.matches('(a+)+')",
              'descendants().descendants()',
            ),
          }),
          { maxLength: 2 },
        ),
      ),
      maxLength: mess,
      maxValueDate: mess,
    },
    { requiredKeys: [] },
  )
  const resource = claiming(
    'fuzz',
    patient({
      identifier: [{ system: 'urn:x', value: '1' }, { use: 'usual' }],
      name: [{ family: 'aaaaaaaa' }],
      birthDate: '2020-01-01',
      generalPractitioner: [{ reference: 'Practitioner/1' }],
      extension: [{ url: 'urn:x', valueString: 'x' }],
    }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(name, says), { maxLength: 4 }), (elements) => {
      const made = profileOf(
        'fuzz',
        'Patient',
        elements.map(([id, one]) => [`Patient.${id}`, one]),
      )
      // Past what R4 itself would refuse, as an older record may have stored it.
      expect(() => record.put(made)).not.toThrow()
      expect(() => save(record, resource)).not.toThrow()
      expect(() => save(record, made)).not.toThrow()
    }),
    { numRuns: 300 },
  )
})

describe('a definition that makes no sense is refused in words', () => {
  test.each([
    [
      'an element that R4 does not have',
      profileOf('broken', 'Patient', [['Patient.shoes', { min: 1 }]]),
      'element[0].path',
    ],
    [
      'a path of another type',
      profileOf(
        'broken',
        'Patient',
        [
          ['Patient', {}],
          ['Patient.name', {}],
        ],
        { type: 'Practitioner', baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Practitioner' },
      ),
      'StructureDefinition.differential',
    ],
    ['an unknown type', profileOf('broken', 'Robot', [['Robot', {}]]), 'StructureDefinition.type'],
    [
      'a minimum above the maximum',
      profileOf('broken', 'Patient', [['Patient.name', { min: 2, max: '1' }]]),
      'element[0]',
    ],
    [
      'a maximum that is no number',
      profileOf('broken', 'Patient', [['Patient.name', { max: 'many' }]]),
      'max',
    ],
    [
      'an expression that is not FHIRPath',
      profileOf('broken', 'Patient', [
        ['Patient', { constraint: [{ key: 'x', severity: 'error', human: 'x', expression: 'name.(' }] }],
      ]),
      'constraint',
    ],
    [
      'a discriminator that cannot be followed',
      profileOf('broken', 'Patient', [
        [
          'Patient.name',
          { slicing: { discriminator: [{ type: 'value', path: 'where(use = 1)' }], rules: 'open' } },
        ],
      ]),
      'discriminator',
    ],
    [
      'a base of another type',
      profileOf('broken', 'Patient', [['Patient', {}]], {
        baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Group',
      }),
      'baseDefinition',
    ],
    [
      'a base that is itself',
      profileOf('broken', 'Patient', [['Patient', {}]], { baseDefinition: `${OWN}broken` }),
      'baseDefinition',
    ],
  ])('%s', (_what, definition, place) => {
    const refused = save(record, definition)
    expect(refused?.[0]).toContain(place)
    expect(save(record, claiming('broken', patient({})))).toBeUndefined()
  })
})
