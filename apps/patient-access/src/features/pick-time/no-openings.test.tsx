// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'

import type { Refusal } from '#/lib/refusal.ts'
import { renderScreen } from '#/lib/testing/render.tsx'

import { NoOpenings } from './no-openings.tsx'

// nothing is asked of the server in these states
vi.mock('@openward/auth', () => ({ useToken: () => () => Promise.reject(new Error('not asked')) }))

const NO_WISH = {
  clinicianIds: [],
  siteId: undefined,
  mode: undefined,
  part: undefined,
  language: undefined,
  interpreter: undefined,
  movesId: undefined,
}

function show(reason: Refusal['reason'], locale: 'en' | 'es') {
  return renderScreen(
    <NoOpenings
      wanted={{ patientId: 'emil', serviceId: 's', criteria: NO_WISH }}
      refusal={{ reason, parameters: {}, correlationId: undefined }}
      timeZone="America/New_York"
      horizonDays={90}
      phone="+1-212-555-0101"
      onChange={() => undefined}
    />,
    locale,
  )
}

test.each([
  ['en', 'Booking online is off right now', 'Please call the clinic'],
  ['es', 'Ahora no se puede reservar en línea', 'Llame a la clínica'],
] as const)(
  'while booking is off people read it plainly (%s), with the phone and nothing else to choose',
  (locale, title, body) => {
    const { container } = show('booking-off', locale)
    expect(container.textContent).toContain(title)
    expect(container.textContent).toContain(body)
    expect(screen.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual(['tel:+12125550101'])
  },
)

test('where another service may help, it is offered beside the phone', () => {
  show('needs-referral', 'en')
  expect(screen.getAllByRole('link')).toHaveLength(2)
})
