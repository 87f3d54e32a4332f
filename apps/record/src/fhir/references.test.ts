import { expect, test } from 'vitest'
import { parseLocalReference } from './references.ts'

const base = 'http://127.0.0.1:4321/openward'

test.each([
  ['Patient/1', { type: 'Patient', id: '1' }],
  ['Patient/1/_history/3', { type: 'Patient', id: '1' }],
  ['http://127.0.0.1:4321/openward/Patient/1', { type: 'Patient', id: '1' }],
  ['http://127.0.0.1:9999/openward/Patient/1', { type: 'Patient', id: '1' }],
  ['http://127.0.0.1:4321/lakeside/Patient/1', undefined],
  ['https://elsewhere.example/openward/Patient/1', undefined],
  ['Robot/1', undefined],
  ['Patient/a b', undefined],
  ['urn:uuid:1', undefined],
  ['#contained', undefined],
])('%s is our own resource only when it is, whatever port we had when it was stored', (text, expected) => {
  expect(parseLocalReference(text, base)).toEqual(expected)
})
