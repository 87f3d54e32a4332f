import type { Basic } from '@medplum/fhirtypes'
import { describe, expect, test } from 'vitest'

import {
  CONFORMANCE_SUITE,
  type ConformanceVerdict,
  isPassing,
  softwareFrom,
  verdictFromBasic,
  verdictId,
  verdictToBasic,
} from './conformance.ts'

const SOFTWARE = { name: 'HAPI FHIR Server', version: '7.2.0' }
const VERDICT: ConformanceVerdict = {
  software: SOFTWARE,
  suite: CONFORMANCE_SUITE,
  isPassed: true,
  ranAt: '2026-11-22T10:00:00.000Z',
  results: { read: 'pass', 'search-strict': 'not-supported', 'json-patch': 'fail' },
}

describe('a kept verdict', () => {
  test('comes back as it was, through JSON', () => {
    const basic = JSON.parse(JSON.stringify(verdictToBasic(VERDICT))) as Basic
    expect(verdictFromBasic(basic)).toEqual(VERDICT)
  })

  test.each([
    ['HAPI FHIR Server', '7.2.0'],
    ['Azure Healthcare APIs FHIR Server', '4.0.735'],
    ['Größe/Server?', '1.0+build.5 (beta)'],
    ['x'.repeat(200), 'y'.repeat(200)],
    ['', ''],
  ])('has an id that FHIR allows for %s %s', (name, version) => {
    expect(verdictId({ name, version })).toMatch(/^[A-Za-z0-9\-.]{1,64}$/)
  })

  test('is no verdict when it is a Basic of another kind, or none', () => {
    expect(verdictFromBasic(undefined)).toBeUndefined()
    expect(verdictFromBasic({ resourceType: 'Basic', code: { text: 'else' } })).toBeUndefined()
    const { extension: _extension, ...without } = verdictToBasic(VERDICT)
    expect(verdictFromBasic(without)).toBeUndefined()
  })
})

describe('booking is allowed by a verdict', () => {
  test('that passed, of this suite, for exactly this software and version', () => {
    expect(isPassing(VERDICT, SOFTWARE)).toBe(true)
  })

  test.each([
    ['that failed', { ...VERDICT, isPassed: false }, SOFTWARE],
    ['of an older suite', { ...VERDICT, suite: '0' }, SOFTWARE],
    ['for another version', VERDICT, { ...SOFTWARE, version: '7.4.0' }],
    ['for another server', VERDICT, { ...SOFTWARE, name: 'Other' }],
    ['that is not there', undefined, SOFTWARE],
  ])('not by one %s', (_, verdict, software) => {
    expect(isPassing(verdict, software)).toBe(false)
  })
})

test('what a CapabilityStatement does not tell of its software is unknown', () => {
  expect(softwareFrom(undefined)).toEqual({ name: 'unknown', version: 'unknown' })
  expect(softwareFrom({ software: { name: 'Some' } })).toEqual({ name: 'Some', version: 'unknown' })
})
