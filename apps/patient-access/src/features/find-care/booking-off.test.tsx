// @vitest-environment jsdom
import { FhirClient } from '@openward/fhir-client'
import { QueryClient } from '@tanstack/react-query'
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'

import { peopleQueries } from '#/lib/people.queries.ts'
import { renderScreen } from '#/lib/testing/render.tsx'

import { BookingOff } from './booking-off.tsx'

test.each([
  ['en', 'Booking online is off right now'],
  ['es', 'Ahora no se puede reservar en línea'],
] as const)('people who look for care read that booking is off, and whom to call (%s)', (locale, title) => {
  renderScreen(<BookingOff phone="+1-212-555-0101" />, locale)
  expect(screen.getByRole('status').textContent).toContain(title)
  expect(screen.getByRole('link').getAttribute('href')).toBe('tel:+12125550101')
})

test.each([
  [true, [{ name: 'booking-off', valueBoolean: true }]],
  [false, []],
])('booking is off (%s) as the backend says', async (isBookingOff, more) => {
  const parameter = [{ name: 'caller', valueReference: { display: 'Ana' } }, ...more]
  const fhir = new FhirClient({
    baseUrl: '/fhir',
    send: async () => ({
      status: 200,
      headers: new Headers(),
      body: { resourceType: 'Parameters', parameter },
    }),
  })
  expect(await new QueryClient().query(peopleQueries.me(fhir))).toMatchObject({ name: 'Ana', isBookingOff })
})
