import fc from 'fast-check'
import { expect, test } from 'vitest'

import { routeOf } from './route-of.ts'

const PREFIXES = new Set(['patient', 'health', ''])

test.each([
  ['/fhir/Patient/Thornton', '/fhir/Patient/:id'],
  ['/fhir/Thornton', '/fhir/:id'],
  ['/fhir/Patient/Patient', '/fhir/Patient/:id'],
  ['/fhir/Patient/a/_history/2?x=y', '/fhir/Patient/:id/_history/:id'],
  ['/fhir/Observation/_search', '/fhir/Observation/_search'],
  ['/fhir/Appointment/$find', '/fhir/Appointment/$find'],
  ['/fhir/Appointment/1/$cancel', '/fhir/Appointment/:id/$cancel'],
  ['/fhir/Appointment/$thornton', '/fhir/Appointment/:id'],
  ['/fhir/$whoami', '/fhir/$whoami'],
  ['/fhir/metadata', '/fhir/metadata'],
  ['/fhir/_search', '/fhir/:id'],
  ['/fhir', '/fhir'],
  ['/fhirThornton', '/:other'],
  ['/patient/visits/thornton', '/patient'],
  ['/thornton', '/:other'],
])('%s is logged as %s', (url, route) => {
  expect(routeOf(url, PREFIXES)).toBe(route)
})

test('nothing that somebody made up is ever logged', () => {
  const word = fc.string({ minLength: 3 }).map((text) => `Zq${text.replaceAll(/[/?]/g, '')}`)
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), fc.boolean(), (words, isFhir) => {
      const route = routeOf(`${isFhir ? '/fhir' : ''}/${words.join('/')}`, PREFIXES)
      for (const one of words) expect(route).not.toContain(one)
    }),
  )
})
