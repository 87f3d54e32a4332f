import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { definitions } from '../definitions/definitions.ts'
import type { JsonObject } from '../fhir/json.ts'
import { openTestStore, type TestStore } from '../testing/store.ts'
import { parseExpression } from './invariants.ts'
import { validate } from './validate.ts'

let record: TestStore
beforeAll(() => {
  record = openTestStore()
})
afterAll(() => record.close())

/** `code expression` of each error. */
function errorsOf(resource: object): string[] {
  const { errors } = validate(resource as JsonObject, record.store)
  return errors.map((issue) => `${issue.code} ${issue.expression?.[0]}`)
}

const patient = (more: object) => ({ resourceType: 'Patient', ...more })
const observation = (more: object) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  ...more,
})
const XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'
const told = (div: string) => patient({ text: { status: 'generated', div } })
const bundle = (type: string, entry: object[], more: object = {}) => ({
  resourceType: 'Bundle',
  type,
  entry,
  ...more,
})
const organization = (more: object) => ({ resourceType: 'Organization', name: 'x', ...more })

describe('what R4 allows is accepted', () => {
  test.each([
    ['a resource with nothing but its type', patient({})],
    [
      'a value that is only extended',
      patient({ _birthDate: { extension: [{ url: 'urn:x', valueCode: 'y' }] } }),
    ],
    [
      'a list whose gaps are extended',
      patient({
        name: [{ given: ['a', null], _given: [null, { extension: [{ url: 'urn:x', valueCode: 'y' }] }] }],
      }),
    ],
    ['an id beside a value', patient({ birthDate: '2020-02-29', _birthDate: { id: 'x' } })],
    ['a mime type with parameters', patient({ photo: [{ contentType: 'text/plain; charset=utf-8' }] })],
    ['a language with a region and a script', patient({ language: 'zh-Hans-CN' })],
    [
      'a currency',
      {
        resourceType: 'Account',
        status: 'active',
        extension: [{ url: 'urn:x', valueMoney: { value: 1, currency: 'USD' } }],
      },
    ],
    [
      'a coding of the required set among others',
      {
        resourceType: 'AllergyIntolerance',
        patient: { reference: 'Patient/1' },
        clinicalStatus: {
          coding: [
            { system: 'urn:own', code: 'x' },
            { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
          ],
        },
      },
    ],
    [
      'references by urn, absolute, versioned, conditional',
      observation({
        subject: { reference: 'urn:uuid:00000000-0000-4000-8000-000000000000' },
        encounter: { reference: 'https://elsewhere.example/fhir/Encounter/1/_history/2' },
        device: { reference: 'Device?identifier=x' },
        performer: [
          { reference: 'https://elsewhere.example/anything' },
          { type: 'Patient', identifier: { value: 'x' } },
        ],
      }),
    ],
    [
      'contained resources that are referred to, or refer to what contains them',
      patient({
        contained: [organization({ id: 'o' }), observation({ id: 'b', subject: { reference: '#' } })],
        managingOrganization: { reference: '#o' },
      }),
    ],
    [
      'a narrative with tables, links and pictures',
      told(
        `<div ${XHTML} xml:lang="en"><table class="x"><tr><td style="color: red">a &amp; b &#160;</td></tr></table><a href="https://x.example/?a=1&amp;b=2">c</a><img src="data:image/png;base64,AA==" alt="d"/><br/><!-- e --></div>`,
      ),
    ],
    [
      'extensions with a value, and with others inside',
      patient({
        extension: [
          { url: 'urn:a', valueString: 'x' },
          { url: 'urn:b', extension: [{ url: 'c', valueBoolean: false }] },
        ],
      }),
    ],
  ])('%s', (_what, resource) => {
    expect(errorsOf(resource)).toEqual([])
  })
})

describe('what R4 does not allow is refused and the element named', () => {
  test.each([
    ['an unknown element', patient({ nickname: 'x' }), 'structure Patient.nickname'],
    ['an element with nothing but an id', patient({ name: [{ id: 'x' }] }), 'invariant Patient.name[0]'],
    ['a year that does not exist', patient({ birthDate: '0000' }), 'value Patient.birthDate'],
    [
      'a control character in a text',
      patient({ name: [{ text: 'a\u0000b' }] }),
      'value Patient.name[0].text',
    ],
    [
      'an oid that is none',
      patient({ identifier: [{ system: 'urn:oid:9.1' }] }),
      'value Patient.identifier[0].system',
    ],
    ['a uuid that is none', patient({ implicitRules: 'urn:uuid:1' }), 'value Patient.implicitRules'],
    [
      'base64 that is cut off',
      patient({ photo: [{ contentType: 'image/png', data: 'AAA' }] }),
      'value Patient.photo[0].data',
    ],
    [
      'a size that is not that of the data',
      patient({ photo: [{ contentType: 'image/png', data: 'AAAA', size: 4 }] }),
      'invariant Patient.photo[0].size',
    ],
    [
      'the id of a contained resource with characters that no id has',
      patient({
        contained: [organization({ id: 'a_b' })],
        managingOrganization: { reference: '#a_b' },
      }),
      'value Patient.contained[0].id',
    ],
    [
      'a mime type that is none',
      patient({ photo: [{ contentType: 'picture' }] }),
      'code-invalid Patient.photo[0].contentType',
    ],
    ['a language that is none', patient({ language: 'English (US)' }), 'code-invalid Patient.language'],
    [
      'a currency that is none',
      observation({ extension: [{ url: 'urn:x', valueMoney: { currency: 'GOLD' } }] }),
      'code-invalid Observation.extension[0].valueMoney.currency',
    ],
    [
      'a coding outside of a required set',
      {
        resourceType: 'Condition',
        subject: { reference: 'Patient/1' },
        clinicalStatus: { coding: [{ system: 'urn:own', code: 'active' }] },
      },
      'code-invalid Condition.clinicalStatus',
    ],
    [
      'words where a required set wants a code',
      {
        resourceType: 'Condition',
        subject: { reference: 'Patient/1' },
        clinicalStatus: { text: 'active' },
      },
      'code-invalid Condition.clinicalStatus',
    ],
    [
      'only an extension where a code is required',
      patient({
        _gender: { extension: [{ url: 'urn:x', valueCode: 'y' }] },
      }),
      'code-invalid Patient._gender',
    ],
    [
      'a code system that is relative to nothing',
      observation({ code: { coding: [{ system: 'loinc', code: '1' }] } }),
      'value Observation.code.coding[0].system',
    ],
    [
      'a reference to a type that the element does not allow',
      observation({ subject: { reference: 'Slot/1' } }),
      'structure Observation.subject.reference',
    ],
    [
      'the same by an absolute address',
      observation({ subject: { reference: 'https://x.example/fhir/Slot/1' } }),
      'structure Observation.subject.reference',
    ],
    [
      'the same by Reference.type',
      observation({ subject: { type: 'Slot', display: 'x' } }),
      'structure Observation.subject.type',
    ],
    [
      'the same of a contained resource',
      observation({
        contained: [organization({ id: 'o' })],
        subject: { reference: '#o' },
      }),
      'structure Observation.subject.reference',
    ],
    [
      'the same in an element with a choice of types',
      {
        resourceType: 'MedicationRequest',
        status: 'active',
        intent: 'order',
        subject: { reference: 'Patient/1' },
        medicationReference: { reference: 'Patient/1' },
      },
      'structure MedicationRequest.medicationReference.reference',
    ],
    [
      'a type that is not the one referred to',
      observation({ subject: { reference: 'Patient/1', type: 'Group' } }),
      'structure Observation.subject.type',
    ],
    [
      'a contained resource that is not there',
      observation({ subject: { reference: '#p' } }),
      'not-found Observation.subject.reference',
    ],
    [
      'a reference that is no address',
      observation({ subject: { reference: 'the patient' } }),
      'value Observation.subject.reference',
    ],
    [
      'a contained resource that nothing refers to',
      patient({ contained: [organization({ id: 'o' })] }),
      'invariant Patient.contained[0]',
    ],
    [
      'two contained resources of one id',
      patient({
        contained: [organization({ id: 'o' }), organization({ id: 'o' })],
        managingOrganization: { reference: '#o' },
      }),
      'invariant Patient.contained[1]',
    ],
    [
      'a contained resource with a version',
      patient({
        contained: [organization({ id: 'o', meta: { versionId: '1' } })],
        managingOrganization: { reference: '#o' },
      }),
      'invariant Patient.contained[0]',
    ],
    [
      'an extension with a value and others inside',
      patient({
        extension: [{ url: 'urn:x', valueString: 'y', extension: [{ url: 'z', valueString: 'y' }] }],
      }),
      'invariant Patient.extension[0]',
    ],
    [
      'an extension with neither',
      patient({ extension: [{ url: 'urn:x' }] }),
      'invariant Patient.extension[0]',
    ],
    [
      'an extension with two values',
      patient({ extension: [{ url: 'urn:x', valueString: 'y', valueCode: 'y' }] }),
      'structure Patient.extension[0].value[x]',
    ],
    [
      'an extension without a url',
      patient({ extension: [{ valueString: 'y' }] }),
      'required Patient.extension[0].url',
    ],
    [
      'a home address of an organisation',
      organization({ address: [{ use: 'home', city: 'x' }] }),
      'invariant Organization.address[0]',
    ],
    [
      'a comparator on a quantity that is simple',
      {
        resourceType: 'ActivityDefinition',
        status: 'active',
        quantity: { value: 1, comparator: '<' },
      },
      'invariant ActivityDefinition.quantity',
    ],
    [
      'a component that repeats the code of its observation',
      observation({
        code: { coding: [{ system: 'urn:x', code: 'a' }] },
        valueString: 'y',
        component: [{ code: { coding: [{ system: 'urn:x', code: 'a' }] } }],
      }),
      'invariant Observation',
    ],
    [
      'one code twice in a code system',
      {
        resourceType: 'CodeSystem',
        status: 'active',
        content: 'complete',
        concept: [{ code: 'a', concept: [{ code: 'b' }] }, { code: 'b' }],
      },
      'invariant CodeSystem',
    ],
    [
      'one linkId twice in a questionnaire',
      {
        resourceType: 'Questionnaire',
        status: 'active',
        item: [{ linkId: '1', type: 'group', item: [{ linkId: '1', type: 'string' }] }],
      },
      'invariant Questionnaire',
    ],
    [
      'a bundle with one address twice',
      bundle('collection', [
        { fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000000', resource: patient({}) },
        { fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000000', resource: patient({}) },
      ]),
      'invariant Bundle.entry[1].fullUrl',
    ],
    [
      'a bundle with a relative address',
      bundle('collection', [{ fullUrl: 'Patient/1', resource: patient({ id: '1' }) }]),
      'value Bundle.entry[0].fullUrl',
    ],
    ['a message without its header', bundle('message', [{ resource: patient({}) }]), 'invariant Bundle'],
    [
      'a total that only searches have',
      bundle('collection', [], { total: 1, entry: undefined }),
      'invariant Bundle',
    ],
    [
      'an invalid resource inside a bundle',
      bundle('collection', [{ resource: patient({ gender: 'x' }) }]),
      'code-invalid Bundle.entry[0].resource.gender',
    ],
  ])('%s', (_what, resource, error) => {
    const plain = JSON.parse(JSON.stringify(resource))
    expect(errorsOf(plain)).toEqual([error])
  })

  test.each([
    ['a script', `<div ${XHTML}><script>alert(1)</script></div>`],
    ['an event handler', `<div ${XHTML}><p onclick="alert(1)">x</p></div>`],
    ['an address that runs', `<div ${XHTML}><a href=" java&#115;cript:alert(1)">x</a></div>`],
    ['a style that runs', `<div ${XHTML}><p style="width: expression(alert(1))">x</p></div>`],
    ['a form', `<div ${XHTML}><form><input/></form></div>`],
    ['a frame', `<div ${XHTML}><iframe src="https://x.example"/></div>`],
    ['no namespace', '<div>x</div>'],
    ['another root', `<p ${XHTML}>x</p>`],
    ['an element that is not closed', `<div ${XHTML}><p>x</div>`],
    ['elements that cross', `<div ${XHTML}><b><i>x</b></i></div>`],
    ['two roots', `<div ${XHTML}>x</div><div ${XHTML}>x</div>`],
    ['an entity of HTML', `<div ${XHTML}>&nbsp;x</div>`],
    ['a bare ampersand', `<div ${XHTML}>a & b</div>`],
    ['an attribute without quotes', `<div ${XHTML}><p class=x>x</p></div>`],
    ['an attribute twice', `<div ${XHTML}><p class="a" class="b">x</p></div>`],
    ['a comment that never ends', `<div ${XHTML}>x<!-- </div>`],
    ['a processing instruction', `<div ${XHTML}><?php x ?></div>`],
    ['no content', `<div ${XHTML}> <p/> </div>`],
    ['words around it', `x<div ${XHTML}>x</div>`],
    ['nothing', ' '],
  ])('a narrative with %s', (_what, div) => {
    expect(errorsOf(told(div))).toEqual(['invariant Patient.text.div'])
  })
})

test('every invariant of the standard is checked: each is written by hand or its expression is read', () => {
  const expressions = Object.values(definitions.types).flatMap((type) => [
    ...(type.invariants ?? []),
    ...Object.values(type.elements).flatMap((rule) => rule.invariants ?? []),
  ])
  expect(expressions.length).toBeGreaterThan(200)
  const unread = expressions.filter(({ expression }) => parseExpression(expression) === undefined)
  expect(unread.map(({ key }) => key)).toEqual([])
})

test('no text of an outcome holds a value of the resource', () => {
  const secret = 'Zebedee'
  const resources = [
    patient({ gender: secret, birthDate: secret, text: { status: secret, div: `<${secret}>` } }),
    observation({
      subject: { reference: `Slot/${secret}` },
      status: secret,
      valueQuantity: { value: secret },
    }),
    told(`<div ${XHTML}><${secret}/></div>`),
    patient({ extension: [{ url: secret, valueString: secret, valueCode: secret }] }),
  ]
  for (const resource of resources) {
    const { errors } = validate(resource as JsonObject, record.store)
    expect(errors.length).toBeGreaterThan(0)
    expect(errors.map((issue) => issue.details.text).join(' ')).not.toContain(secret)
  }
})

test('whatever stands in a narrative, the answer is a verdict, and markup that runs is never accepted', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '<p>',
      '</p>',
      '<b',
      ' class="x"',
      '>',
      '/>',
      '&amp;',
      '&',
      '<!--',
      '-->',
      '<script>',
      '<p onload="x">',
      '"',
      "'",
    ),
    fc.string({ maxLength: 5 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const inner = pieces.join('')
      const isRunning = /<script>|onload="/.test(inner.replace(/<!--.*?-->/gs, ''))
      expect(isRunning && errorsOf(told(`<div ${XHTML}>${inner}x</div>`)).length === 0).toBe(false)
    }),
  )
})
