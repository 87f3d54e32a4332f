import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OWN, profileOf, remove, save } from '../../testing/profiles.ts'
import { openTestStore, type TestStore } from '../../testing/store.ts'
import { compareVersions } from './known.ts'

let record: TestStore
beforeAll(() => {
  record = openTestStore()
})
afterAll(() => record.close())

const claiming = (profile: string, resource: object) => ({ ...resource, meta: { profile: [OWN + profile] } })
const patient = (more: object) => ({ resourceType: 'Patient', ...more })
const observation = (more: object) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  ...more,
})
const coded = (code: string, system = 'urn:s') => ({ coding: [{ system, code }] })

interface Case {
  what: string
  type: string
  elements: [string, object][]
  good: object[]
  bad: [object, string][]
}

const byUrl = { discriminator: [{ type: 'value', path: 'system' }], rules: 'open' }
const cases: Case[] = [
  {
    what: 'cardinality',
    type: 'Patient',
    elements: [
      ['Patient.name', { min: 1, max: '2' }],
      ['Patient.photo', { max: '0' }],
      ['Patient.name.family', { min: 1 }],
    ],
    good: [patient({ name: [{ family: 'a' }, { family: 'b' }] })],
    bad: [
      [patient({}), 'Patient.name'],
      [patient({ name: [{ family: 'a' }, { family: 'b' }, { family: 'c' }] }), 'Patient.name'],
      [patient({ name: [{ family: 'a' }], photo: [{ title: 'x' }] }), 'Patient.photo'],
      [patient({ name: [{ family: 'a' }, { text: 'b' }] }), 'Patient.name[1].family'],
    ],
  },
  {
    what: 'fixed values and patterns',
    type: 'Observation',
    elements: [
      ['Observation.status', { fixedCode: 'final' }],
      ['Observation.code', { patternCodeableConcept: { coding: [{ system: 'urn:s', code: 'a' }] } }],
    ],
    good: [
      observation({
        code: {
          text: 'y',
          coding: [
            { system: 'urn:o', code: 'z' },
            { system: 'urn:s', code: 'a', display: 'A' },
          ],
        },
      }),
    ],
    bad: [
      [observation({ code: coded('a'), status: 'amended' }), 'Observation.status'],
      [observation({ code: coded('b') }), 'Observation.code'],
      [observation({ code: { coding: [{ system: 'urn:s' }, { code: 'a' }] } }), 'Observation.code'],
    ],
  },
  {
    what: 'types of a choice and targets of references',
    type: 'Observation',
    elements: [
      ['Observation.value[x]', { type: [{ code: 'string' }, { code: 'Quantity' }] }],
      [
        'Observation.subject',
        {
          min: 1,
          type: [{ code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Patient'] }],
        },
      ],
    ],
    good: [
      observation({ valueString: 'x', subject: { reference: 'Patient/1' } }),
      observation({ valueQuantity: { value: 1 }, subject: { display: 'x' } }),
    ],
    bad: [
      [observation({ valueInteger: 1, subject: { reference: 'Patient/1' } }), 'Observation.valueInteger'],
      [observation({ subject: { reference: 'Group/1' } }), 'Observation.subject'],
    ],
  },
  {
    what: 'the one profile that R4 uses in its own types',
    type: 'Observation',
    elements: [
      [
        'Observation.value[x]',
        {
          type: [
            { code: 'string' },
            { code: 'Quantity', profile: ['http://hl7.org/fhir/StructureDefinition/SimpleQuantity'] },
          ],
        },
      ],
    ],
    good: [observation({ valueQuantity: { value: 1 } }), observation({ valueString: 'x' })],
    bad: [[observation({ valueQuantity: { value: 1, comparator: '<' } }), 'Observation.valueQuantity']],
  },
  {
    what: 'constraints of severity error',
    type: 'Patient',
    elements: [
      [
        'Patient',
        {
          constraint: [
            {
              key: 'own-1',
              severity: 'error',
              human: 'A name or an identifier is needed',
              expression: 'name.exists() or identifier.exists()',
            },
          ],
        },
      ],
      [
        'Patient.telecom',
        {
          constraint: [
            { key: 'own-2', severity: 'error', human: 'A value is needed', expression: 'value.exists()' },
          ],
        },
      ],
      [
        'Patient.gender',
        { constraint: [{ key: 'own-3', severity: 'warning', human: 'Only advice', expression: 'false' }] },
      ],
    ],
    good: [patient({ name: [{ text: 'x' }], gender: 'male', telecom: [{ system: 'phone', value: '1' }] })],
    bad: [
      [patient({}), 'Patient'],
      [patient({ name: [{ text: 'x' }], telecom: [{ system: 'phone' }] }), 'Patient.telecom[0]'],
    ],
  },
  {
    what: 'limits of numbers, dates and lengths',
    type: 'Observation',
    elements: [
      ['Observation.value[x]', { type: [{ code: 'integer' }], minValueInteger: 1, maxValueInteger: 5 }],
      ['Observation.issued', { minValueInstant: '2020-01-01T00:00:00Z' }],
      ['Observation.code.text', { maxLength: 3 }],
    ],
    good: [observation({ valueInteger: 5, issued: '2020-01-01T00:00:00Z' })],
    bad: [
      [observation({ valueInteger: 0 }), 'Observation.valueInteger'],
      [observation({ valueInteger: 6 }), 'Observation.valueInteger'],
      [observation({ issued: '2019-12-31T23:00:00Z' }), 'Observation.issued'],
      [observation({ code: { text: 'four' } }), 'Observation.code.text'],
    ],
  },
  {
    what: 'slices by value, each with its own count and content',
    type: 'Patient',
    elements: [
      ['Patient.identifier', { slicing: byUrl, min: 1 }],
      ['Patient.identifier:mrn', { sliceName: 'mrn', min: 1, max: '1' }],
      ['Patient.identifier:mrn.system', { min: 1, fixedUri: 'urn:mrn' }],
      ['Patient.identifier:mrn.value', { min: 1 }],
    ],
    good: [patient({ identifier: [{ system: 'urn:other' }, { system: 'urn:mrn', value: '1' }] })],
    bad: [
      [patient({ identifier: [{ system: 'urn:other' }] }), 'Patient.identifier'],
      [
        patient({
          identifier: [
            { system: 'urn:mrn', value: '1' },
            { system: 'urn:mrn', value: '2' },
          ],
        }),
        'Patient.identifier',
      ],
      [patient({ identifier: [{ system: 'urn:mrn' }] }), 'Patient.identifier[0].value'],
    ],
  },
  {
    what: 'closed slices, by pattern',
    type: 'Observation',
    elements: [
      [
        'Observation.component',
        { slicing: { discriminator: [{ type: 'pattern', path: 'code' }], rules: 'closed', ordered: true } },
      ],
      ['Observation.component:a', { sliceName: 'a', min: 1 }],
      ['Observation.component:a.code', { patternCodeableConcept: coded('a') }],
      ['Observation.component:b', { sliceName: 'b', min: 0 }],
      ['Observation.component:b.code', { patternCodeableConcept: coded('b') }],
      ['Observation.component:b.value[x]', { min: 1, type: [{ code: 'Quantity' }] }],
    ],
    good: [
      observation({ component: [{ code: coded('a') }, { code: coded('b'), valueQuantity: { value: 1 } }] }),
    ],
    bad: [
      [observation({ component: [{ code: coded('a') }, { code: coded('c') }] }), 'Observation.component[1]'],
      [
        observation({ component: [{ code: coded('a') }, { code: coded('b'), valueString: 'x' }] }),
        'Observation.component[1].valueString',
      ],
      [
        observation({ component: [{ code: coded('a') }, { code: coded('b') }] }),
        'Observation.component[1].value[x]',
      ],
      [
        observation({ component: [{ code: coded('b'), valueQuantity: { value: 1 } }, { code: coded('a') }] }),
        'Observation.component[1]',
      ],
    ],
  },
  {
    what: 'slices of slices, and slices that say nothing but that there are no others',
    type: 'Patient',
    elements: [
      ['Patient.identifier', { slicing: byUrl }],
      ['Patient.identifier:mrn', { sliceName: 'mrn' }],
      ['Patient.identifier:mrn.system', { min: 1, patternUri: 'urn:mrn' }],
      ['Patient.identifier:mrn/first', { sliceName: 'mrn/first', max: '1' }],
      ['Patient.identifier:mrn/first.system', { fixedUri: 'urn:mrn' }],
      ['Patient.name', { slicing: { discriminator: [{ type: 'value', path: 'use' }], rules: 'openAtEnd' } }],
      ['Patient.name:usual', { sliceName: 'usual', max: '1' }],
      ['Patient.name:usual.use', { min: 1, fixedCode: 'usual' }],
      [
        'Patient.photo',
        { slicing: { discriminator: [{ type: 'value', path: 'contentType' }], rules: 'closed' } },
      ],
    ],
    good: [
      patient({ identifier: [{ system: 'urn:mrn' }, { system: 'urn:o' }, { system: 'urn:o' }] }),
      patient({ name: [{ use: 'usual' }, { use: 'official' }] }),
    ],
    bad: [
      [patient({ identifier: [{ system: 'urn:mrn' }, { system: 'urn:mrn' }] }), 'Patient.identifier'],
      [patient({ name: [{ use: 'official' }, { use: 'usual' }] }), 'Patient.name[1]'],
      [patient({ photo: [{ contentType: 'image/png' }] }), 'Patient.photo[0]'],
    ],
  },
  {
    what: 'slices by a part of a pattern',
    type: 'Observation',
    elements: [
      [
        'Observation.component',
        { slicing: { discriminator: [{ type: 'value', path: 'code.coding.code' }], rules: 'open' } },
      ],
      ['Observation.component:a', { sliceName: 'a', min: 1 }],
      ['Observation.component:a.code', { patternCodeableConcept: coded('a') }],
    ],
    good: [observation({ component: [{ code: coded('b') }, { code: coded('a') }] })],
    bad: [[observation({ component: [{ code: coded('b') }] }), 'Observation.component']],
  },
  {
    what: 'slices by type, in full and in short',
    type: 'Observation',
    elements: [
      [
        'Observation.value[x]',
        { slicing: { discriminator: [{ type: 'type', path: '$this' }], rules: 'closed' } },
      ],
      [
        'Observation.value[x]:valueQuantity',
        { sliceName: 'valueQuantity', min: 0, type: [{ code: 'Quantity' }] },
      ],
      ['Observation.value[x]:valueQuantity.unit', { min: 1 }],
      ['Observation.effectivePeriod.start', { min: 1 }],
    ],
    good: [
      observation({ valueQuantity: { unit: 'x' }, effectivePeriod: { start: '2020' } }),
      observation({ effectiveDateTime: '2020' }),
    ],
    bad: [
      [observation({ valueQuantity: { value: 1 } }), 'Observation.valueQuantity.unit'],
      [observation({ valueString: 'x' }), 'Observation.valueString'],
      [observation({ effectivePeriod: { end: '2020' } }), 'Observation.effectivePeriod.start'],
    ],
  },
  {
    what: 'slices by what exists, and by the type of what is referred to',
    type: 'Patient',
    elements: [
      [
        'Patient.telecom',
        { slicing: { discriminator: [{ type: 'exists', path: 'period' }], rules: 'open' } },
      ],
      ['Patient.telecom:past', { sliceName: 'past', max: '1' }],
      ['Patient.telecom:past.period', { min: 1 }],
      ['Patient.telecom:now', { sliceName: 'now', min: 1 }],
      ['Patient.telecom:now.period', { max: '0' }],
      [
        'Patient.generalPractitioner',
        { slicing: { discriminator: [{ type: 'type', path: 'resolve()' }], rules: 'open' } },
      ],
      [
        'Patient.generalPractitioner:clinic',
        {
          sliceName: 'clinic',
          max: '1',
          type: [
            { code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Organization'] },
          ],
        },
      ],
    ],
    good: [
      patient({
        telecom: [{ value: '1', system: 'phone' }],
        generalPractitioner: [
          { reference: 'Practitioner/1' },
          { reference: 'Practitioner/2' },
          { reference: 'Organization/1' },
        ],
      }),
    ],
    bad: [
      [patient({ telecom: [{ value: '1', system: 'phone', period: { end: '2020' } }] }), 'Patient.telecom'],
      [
        patient({
          telecom: [{ value: '1', system: 'phone' }],
          generalPractitioner: [{ reference: 'Organization/2' }, { reference: 'Organization/1' }],
        }),
        'Patient.generalPractitioner',
      ],
    ],
  },
]

describe('a profile that is stored is enforced on what claims it', () => {
  test.each(cases.map((one, at) => ({ ...one, id: `case-${at}` })))(
    '$what',
    ({ id, type, elements, good, bad }) => {
      expect(save(record, profileOf(id, type, elements))).toBeUndefined()
      for (const resource of good) expect(save(record, claiming(id, resource))).toBeUndefined()
      for (const [resource, expression] of bad) {
        const refused = save(record, claiming(id, resource))
        expect(refused?.map((text) => text.split(' ')[0])).toEqual([expression])
        expect(save(record, resource)).toBeUndefined()
      }
    },
  )

  test('a profile for another type is not kept', () => {
    save(record, profileOf('for-patients', 'Patient', [['Patient.name', { min: 1 }]]))
    expect(save(record, claiming('for-patients', observation({})))).toEqual([
      `Observation The profile ${OWN}for-patients is for the type Patient.`,
    ])
  })

  test('the claims of contained resources and of entries of a bundle count as well', () => {
    save(record, profileOf('named', 'Organization', [['Organization.alias', { min: 1 }]]))
    const organization = claiming('named', { resourceType: 'Organization', id: 'o', name: 'x' })
    expect(
      save(record, patient({ contained: [organization], managingOrganization: { reference: '#o' } }))?.[0],
    ).toMatch(/^Patient\.contained\[0\]\.alias /)
    const entry = [{ resource: organization }]
    expect(save(record, { resourceType: 'Bundle', type: 'collection', entry })?.[0]).toMatch(
      /^Bundle\.entry\[0\]\.resource\.alias /,
    )
  })

  test('a profile that is not stored is no reason to refuse', () => {
    expect(save(record, claiming('nowhere', patient({})))).toBeUndefined()
  })

  test('a contained resource is looked for in its own entry of a bundle only', () => {
    const organization = { resourceType: 'Organization', id: 'o', name: 'x' }
    const managed = { managingOrganization: { reference: '#o' } }
    const whole = { resource: patient({ contained: [organization], ...managed }) }
    const inBundle = (...entry: object[]) =>
      save(record, { resourceType: 'Bundle', type: 'collection', entry })
    expect(inBundle(whole, whole)).toBeUndefined()
    expect(inBundle(whole, { resource: patient(managed) })?.[0]).toMatch(
      /^Bundle\.entry\[1\]\.resource\.managingOrganization\.reference /,
    )
  })

  test('a version in the claim chooses that version, none the newest', () => {
    save(
      record,
      profileOf('v9', 'Patient', [['Patient.name', { min: 1 }]], { url: `${OWN}versions`, version: '9.1' }),
    )
    save(
      record,
      profileOf('v10', 'Patient', [['Patient.gender', { min: 1 }]], {
        url: `${OWN}versions`,
        version: '10.0',
      }),
    )
    expect(save(record, claiming('versions', patient({})))?.[0]).toMatch(/^Patient\.gender /)
    expect(save(record, claiming('versions|9.1', patient({})))?.[0]).toMatch(/^Patient\.name /)
    expect(save(record, claiming('versions|8', patient({})))).toBeUndefined()
    expect(compareVersions('10.0', '9.1')).toBeGreaterThan(0)
  })

  test('a profile on a profile adds to it, also to its slices, whichever is stored first', () => {
    const url = `${OWN}above`
    const inner: [string, object][] = [['Patient.identifier:mrn.use', { min: 1 }]]
    save(record, profileOf('below', 'Patient', inner, { baseDefinition: url }))
    save(
      record,
      profileOf(
        'above',
        'Patient',
        cases.find(({ what }) => what.startsWith('slices by value'))?.elements ?? [],
      ),
    )
    const named = { identifier: [{ system: 'urn:mrn', value: '1' }] }
    expect(save(record, claiming('above', patient(named)))).toBeUndefined()
    expect(save(record, claiming('below', patient(named)))?.[0]).toMatch(/^Patient\.identifier\[0\]\.use /)
    expect(save(record, claiming('below', patient({})))?.[0]).toMatch(/^Patient\.identifier /)
    expect(save(record, claiming('above', patient(named)))).toBeUndefined()
  })

  test('a change of a profile, its deletion and its return count at once', () => {
    const wants = (path: string) => save(record, profileOf('changing', 'Patient', [[path, { min: 1 }]]))
    const refused = () => save(record, claiming('changing', patient({})))?.[0]?.split(' ')[0]
    wants('Patient.name')
    expect(refused()).toBe('Patient.name')
    wants('Patient.gender')
    expect(refused()).toBe('Patient.gender')
    remove(record, 'StructureDefinition', 'changing')
    expect(refused()).toBeUndefined()
    wants('Patient.photo')
    expect(refused()).toBe('Patient.photo')
  })
})

describe('a definition of an extension that is stored is enforced on every extension of its url', () => {
  beforeAll(() => {
    save(
      record,
      profileOf(
        'flag',
        'Extension',
        [
          ['Extension.extension', { max: '0' }],
          ['Extension.value[x]', { min: 1, type: [{ code: 'boolean' }] }],
        ],
        {
          context: [
            { type: 'element', expression: 'Patient.contact' },
            { type: 'element', expression: 'HumanName' },
            { type: 'element', expression: 'Patient.birthDate' },
          ],
        },
      ),
    )
  })
  const flag = { url: `${OWN}flag`, valueBoolean: true }

  test.each([
    ['on a backbone element', patient({ contact: [{ name: { text: 'x' }, extension: [flag] }] })],
    [
      'on a data type, wherever it stands',
      patient({ contact: [{ name: { text: 'x', extension: [flag] } }] }),
    ],
    ['on a primitive', patient({ birthDate: '2020-01-01', _birthDate: { extension: [flag] } })],
  ])('it may stand %s that its context names', (_what, resource) => {
    expect(save(record, resource)).toBeUndefined()
  })

  test('elsewhere it is refused, and so is a value of another type', () => {
    expect(save(record, patient({ extension: [flag] }))).toEqual([
      `Patient.extension[0] The extension ${OWN}flag may not be used on this element.`,
    ])
    const wrong = { url: `${OWN}flag`, valueString: 'yes' }
    expect(save(record, patient({ name: [{ extension: [wrong] }] }))?.[0]).toMatch(
      /^Patient\.name\[0\]\.extension\[0\]\.valueString /,
    )
  })

  test('a slice of a profile may ask for it by its url, before its definition is stored and after', () => {
    const elements: [string, object][] = [
      [
        'Patient.extension:late',
        { sliceName: 'late', min: 1, max: '1', type: [{ code: 'Extension', profile: [`${OWN}late`] }] },
      ],
    ]
    save(record, profileOf('with-late', 'Patient', elements))
    const late = (value: object) =>
      claiming('with-late', patient({ extension: [{ url: `${OWN}late`, ...value }] }))
    expect(save(record, claiming('with-late', patient({})))?.[0]).toMatch(/^Patient\.extension /)
    expect(save(record, late({ valueString: 'x' }))).toBeUndefined()
    const other = patient({ extension: [{ url: `${OWN}other`, valueString: 'x' }] })
    expect(save(record, claiming('with-late', other))?.[0]).toMatch(/^Patient\.extension /)
    save(
      record,
      profileOf('late', 'Extension', [['Extension.value[x]', { min: 1, type: [{ code: 'code' }] }]]),
    )
    expect(save(record, late({ valueString: 'x' }))?.[0]).toMatch(/^Patient\.extension\[0\]\.valueString /)
    expect(save(record, late({ valueCode: 'x' }))).toBeUndefined()
  })
})
