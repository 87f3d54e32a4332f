// @vitest-environment jsdom
import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION, FhirResponseError, SYSTEM } from '@openward/fhir-client'
import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'

import { renderScreen } from '#/lib/testing/render.tsx'
import { visitFrom } from '#/lib/visit.ts'

import { ExpiredHold } from './expired-hold.tsx'

const appointment: Appointment = {
  resourceType: 'Appointment',
  id: 'h',
  status: 'pending',
  start: '2026-11-23T09:00:00-05:00',
  end: '2026-11-23T09:20:00-05:00',
  extension: [
    { url: EXTENSION.timeZone, valueCode: 'America/New_York' },
    { url: EXTENSION.heldUntil, valueInstant: '2026-11-22T10:00:00Z' },
  ],
  participant: [{ actor: { reference: 'HealthcareService/s' }, status: 'tentative' }],
}
const hold = visitFrom(appointment, new Map())

test('an expired hold offers the same time again, for the same person', async () => {
  const onHoldAgain = vi.fn<() => void>()
  renderScreen(<ExpiredHold hold={hold} onHoldAgain={onHoldAgain} isPending={false} error={undefined} />)
  expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('9:00 am, New York time')
  const others = screen.getByRole('link', { name: 'See other times' })
  expect(others.getAttribute('href')).toContain('/for/emil/book/s?day=2026-11-23')
  await userEvent.click(screen.getByRole('button', { name: 'Hold it again' }))
  expect(onHoldAgain).toHaveBeenCalledOnce()
})

test('when somebody else has taken it meanwhile, only other times are offered', () => {
  const taken = new FhirResponseError('conflict', {
    method: 'POST',
    resourceType: 'Appointment',
    status: 409,
    issues: [
      {
        severity: 'error',
        code: 'conflict',
        details: { coding: [{ system: SYSTEM.bookingReason, code: 'taken' }] },
      },
    ],
  })
  renderScreen(<ExpiredHold hold={hold} onHoldAgain={() => undefined} isPending={false} error={taken} />)
  expect(screen.getByRole('status').textContent).toContain('This time was just taken')
  expect(screen.queryByRole('button', { name: 'Hold it again' })).toBeNull()
})
