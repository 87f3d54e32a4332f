import { expect, test } from 'vitest'

import { bookingDetailsSchema, FIELD_PROBLEMS } from './booking-details.schema.ts'

test('an empty form is a valid one: nothing is required', () => {
  const empty = { reason: '', comment: '  ', contactPhone: '', interpreterLanguage: '', accessNeeds: '' }
  expect(Object.values(bookingDetailsSchema.parse(empty)).every((value) => value === undefined)).toBe(true)
  expect(bookingDetailsSchema.parse({})).toEqual({})
})

test('text is trimmed, keeps its lines and any script', () => {
  const comment = ' first\r\nsecond\tمرحبا 👩🏽‍⚕️ '
  expect(bookingDetailsSchema.parse({ comment })).toEqual({ comment: 'first\nsecond\tمرحبا 👩🏽‍⚕️' })
})

test.each(['555 010 1234', '+1 (555) 010-1234', '5550101', '+44 20 7946 0958', '020.7946.0958'])(
  '%s is a phone number',
  (contactPhone) => {
    expect(bookingDetailsSchema.parse({ contactPhone })).toEqual({ contactPhone })
  },
)

test.each([
  ['contactPhone', '12345', 'phone'],
  ['contactPhone', '((((((((((', 'phone'],
  ['contactPhone', '555-CALL-NOW', 'phone'],
  ['contactPhone', '1'.repeat(16), 'phone'],
  ['reason', 'x'.repeat(1_001), 'too-long'],
  ['comment', 'null\u0000', 'control-characters'],
  ['comment', 'line\rfeed', 'control-characters'],
  ['accessNeeds', 7, 'value'],
  ['interpreterLanguage', 'es_MX', 'language'],
])('%s %j is refused as %s', (field, value, code) => {
  const parsed = bookingDetailsSchema.safeParse({ [field]: value })
  expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([code])
  expect(FIELD_PROBLEMS).toContain(code)
})
