// @vitest-environment jsdom
import { EXTENSION, FhirResponseError, SYSTEM } from '@openward/fhir-client'
import { BOOKING_REASONS, type BookingReason } from '@openward/scheduling'
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { refusalOf } from './refusal.ts'
import { useRefusalWords } from './refusal-words.ts'
import { renderScreen } from './testing/render.tsx'

function refused(code: string, parameters: Record<string, string> = {}) {
  return new FhirResponseError('conflict', {
    method: 'POST',
    resourceType: 'Appointment',
    status: 409,
    correlationId: 'abc',
    issues: [
      {
        severity: 'error',
        code: 'business-rule',
        details: { coding: [{ system: SYSTEM.bookingReason, code }] },
        extension: Object.entries(parameters).map(([name, value]) => ({
          url: EXTENSION.reasonParameter,
          extension: [
            { url: 'name', valueString: name },
            { url: 'value', valueString: value },
          ],
        })),
      },
    ],
  })
}

function Words({ error }: { error: unknown }) {
  const words = useRefusalWords()
  const refusal = refusalOf(error)
  if (!refusal) return <p>unknown</p>
  const { title, body } = words(refusal, 'America/New_York')
  return (
    <>
      <h1>{title}</h1>
      <p>{body}</p>
    </>
  )
}

test.each(
  BOOKING_REASONS.flatMap((reason): [BookingReason, 'en' | 'es'][] => [
    [reason, 'en'],
    [reason, 'es'],
  ]),
)('%s is told in words with a next step (%s), without the code', (reason, locale) => {
  const { container } = renderScreen(<Words error={refused(reason)} />, locale)
  const text = container.textContent ?? ''
  expect(text.length).toBeGreaterThan(30)
  expect(text).not.toContain('refusals')
  expect(text).not.toContain('undefined')
  expect(text).not.toMatch(/\{|\}/)
  expect(reason.includes('-') && text.includes(reason)).toBe(false)
})

test('times in a refusal are told in the zone of the site', () => {
  renderScreen(<Words error={refused('too-soon', { earliest: '2026-11-23T14:00:00Z' })} />)
  expect(screen.getByText(/Monday 23 November, 9:00 am, New York time/)).toBeTruthy()
})

test('an age limit names the ages', () => {
  renderScreen(<Words error={refused('age-limit', { 'minimum-age': '65' })} />)
  expect(screen.getByText(/people of 65 years and over/)).toBeTruthy()
})

test('a reason we do not know, and any other failure, is not told as a rule of the clinic', () => {
  expect(refusalOf(refused('made-up'))).toBeUndefined()
  expect(refusalOf(new Error('offline'))).toBeUndefined()
})
