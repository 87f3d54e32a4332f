import type { Resource } from '@medplum/fhirtypes'
import { describe, expect, test } from 'vitest'
import { decimalOf, matchesExtent } from './decimal.ts'
import { evaluate, worldOf } from './evaluate.ts'
import { BASE } from './population.ts'
import { comparable } from './text.ts'
import { matchesSpan, spanOfValue } from './time.ts'

function isDateFound(asked: string, value: string | object): boolean {
  const [, prefix = '', date = ''] = /^([a-z]{2})?(.*)$/.exec(asked) ?? []
  const type = typeof value === 'string' ? 'dateTime' : 'Period'
  const [span, target] = [spanOfValue({ type: 'dateTime', value: date }), spanOfValue({ type, value })]
  if (span === undefined || target === undefined) throw new Error('No date.')
  return matchesSpan(prefix, span, target)
}

/** The examples and rules of https://hl7.org/fhir/R4/search.html, which the plain evaluation must itself keep. */
describe('the plain evaluation follows the examples of the standard', () => {
  test.each([
    ['eq2013-01-14', '2013-01-14T00:00', true],
    ['eq2013-01-14', '2013-01-14T10:00', true],
    ['eq2013-01-14', '2013-01-15T00:00', false],
    ['ne2013-01-14', '2013-01-15T00:00', true],
    ['ne2013-01-14', '2013-01-14T00:00', false],
    ['ne2013-01-14', '2013-01-14T10:00', false],
    ['lt2013-01-14T10:00', '2013-01-14', true],
    ['gt2013-01-14T10:00', '2013-01-14', true],
    ['ge2013-03-14', { start: '2013-01-21' }, true],
    ['le2013-03-14', { start: '2013-01-21' }, true],
    ['sa2013-03-14', { start: '2013-03-15' }, true],
    ['sa2013-03-14', { start: '2013-01-21' }, false],
    ['sa2013-03-14', { end: '2013-01-21' }, false],
    ['eb2013-03-14', { start: '2013-03-15' }, false],
    ['eb2013-03-14', { start: '2013-01-21' }, false],
    ['eb2013-03-14', { end: '2013-01-21' }, true],
    ['ap2013-03-14', '2013-03-14', true],
    ['2000', '2000-12-31T23:59', true],
    ['2000-04', '2000-04-30T23:59:59.999Z', true],
    ['2000-04', '2000-05-01T00:00:00Z', false],
    ['2000-04-01', '2000-03-31T20:00:00-05:00', true],
  ])('date %s and %j: %s', (asked, value, isFound) => {
    expect(isDateFound(asked, value)).toBe(isFound)
  })

  test.each([
    ['', '100', '99.5', true],
    ['', '100', '100.5', false],
    ['', '100.00', '99.995', true],
    ['', '100.00', '100.005', false],
    ['', '1.00e2', '99.5', true],
    ['', '1e2', '149.9', true],
    ['', '5.4', '5.449', true],
    ['', '5.40e-3', '0.005395', true],
    ['', '5.40e-3', '0.005406', false],
    ['lt', '100', '100', false],
    ['le', '100', '100', true],
    ['gt', '100', '100.000000000000000000001', true],
    ['ge', '100', '99.999999999999999999999', false],
    ['ne', '100', '99.5', false],
    ['ap', '5.4', '5.9', true],
    ['ap', '5.4', '6', false],
  ])('number %s%s and %s: %s', (prefix, asked, value, isFound) => {
    const target = decimalOf(value)
    expect(matchesExtent(prefix, decimalOf(asked), { low: target, high: target })).toBe(isFound)
  })

  test.each([
    ['Eve', 'eve'],
    ['SEVERINE', 'Séverine'],
    ['Jose\u0301', 'josé'],
    ['a\tb  c', ' A B C '],
    ["O'Brien", 'obrien'],
    ['Straße', 'STRASSE'],
    ['ΟΔΟΣ', 'οδος'],
    ['IŞIL', 'ışıl'],
  ])('text %s is compared like %s', (one, other) => {
    expect(comparable(one)).toBe(comparable(other))
  })

  const world = worldOf(
    [
      {
        resourceType: 'Patient',
        id: '23',
        name: [{ given: ['Severine'], family: 'Peter' }],
        gender: 'female',
      },
      { resourceType: 'Patient', id: '24', name: [{ given: ['Evelyn'] }] },
      { resourceType: 'Group', id: '23', type: 'person', actual: true },
      {
        resourceType: 'Observation',
        id: 'o',
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code: '1234-5' }] },
        subject: { reference: `${BASE}/Patient/23`, identifier: { system: 'urn:mrn', value: '1' } },
      },
      { resourceType: 'Observation', id: 'g', status: 'final', code: {}, subject: { reference: 'Group/23' } },
      { resourceType: 'ValueSet', id: 'v', status: 'active', url: 'http://acme.org/fhir/ValueSet/123' },
    ] satisfies Resource[],
    BASE,
  )
  test.each([
    ['Patient?given=eve', ['24']],
    ['Patient?given:contains=eve', ['23', '24']],
    ['Patient?given:exact=Eve', []],
    ['Patient?gender:not=male', ['23', '24']],
    ['Patient?gender:missing=true', ['24']],
    ['Observation?subject=Patient/23', ['o']],
    ['Observation?subject=23', ['o', 'g']],
    ['Observation?subject:Group=23', ['g']],
    [`Observation?subject=${BASE}/Group/23`, ['g']],
    ['Observation?patient=23', ['o']],
    ['Observation?subject:identifier=urn:mrn|1', ['o']],
    ['Observation?code=1234-5', ['o']],
    ['Observation?code=http://loinc.org|', ['o']],
    ['Observation?code=|1234-5', []],
    ['Observation?subject:Patient.name=peter', ['o']],
    ['Patient?_has:Observation:patient:code=1234-5', ['23']],
    ['ValueSet?url:below=http://acme.org/fhir/', ['v']],
    ['ValueSet?url:above=http://acme.org/fhir/ValueSet/123/_history/5', ['v']],
    ['Patient?_sort=-given', ['23', '24']],
  ])('%s finds %j', (search, ids) => {
    expect(evaluate(world, search)).toEqual(ids)
  })
})
