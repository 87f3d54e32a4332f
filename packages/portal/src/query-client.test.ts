import { FhirError, type FhirErrorCode } from '@openward/fhir-client'
import { expect, test } from 'vitest'
import { createQueryClient } from './query-client.ts'

const client = createQueryClient()
const { retry, retryDelay } = client.getDefaultOptions().queries ?? {}

function wouldRetry(count: number, error: Error): boolean {
  return typeof retry === 'function' && retry(count, error)
}

function failure(code: FhirErrorCode, retryAfterSeconds?: number): FhirError {
  return new FhirError(code, { method: 'GET', resourceType: 'Patient', retryAfterSeconds })
}

test.each<[FhirErrorCode, boolean]>([
  ['unavailable', false],
  ['timeout', true],
  ['throttled', true],
  ['forbidden', false],
  ['not-found', false],
  ['conflict', false],
  ['unauthenticated', false],
])('a read that failed with %s is repeated: %s', (code, isRepeated) => {
  expect(wouldRetry(0, failure(code))).toBe(isRepeated)
})

test('a read is repeated twice at most, and a defect of ours never', () => {
  expect(wouldRetry(1, failure('timeout'))).toBe(true)
  expect(wouldRetry(2, failure('timeout'))).toBe(false)
  expect(wouldRetry(0, new TypeError('x is undefined'))).toBe(false)
})

test('a server that says when to come back is obeyed, within ten seconds', () => {
  const delay = (error: Error) => (typeof retryDelay === 'function' ? retryDelay(0, error) : undefined)
  expect(delay(failure('throttled', 2))).toBe(2_000)
  expect(delay(failure('throttled', 600))).toBe(10_000)
  expect(delay(failure('unavailable'))).toBe(500)
})

test('a change is never sent twice by itself', () => {
  expect(client.getDefaultOptions().mutations?.retry).toBe(false)
})
