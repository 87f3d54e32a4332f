// @vitest-environment jsdom
import { renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { withWords } from '#/testing/with-words.tsx'
import { useLeaveWords } from './leave-words.ts'

const YEAR = new Date().getFullYear()

function said(start: string, end: string, timeZone: string): string {
  return renderHook(() => useLeaveWords(timeZone), { wrapper: withWords('en') }).result.current({
    start,
    end,
  })
}

test('whole days are said as days, hours with their zone', () => {
  const zone = 'America/Phoenix'
  expect(said(`${YEAR}-12-08T07:00:00Z`, `${YEAR}-12-09T07:00:00Z`, zone)).toMatch(/^\w{3} 8 Dec$/)
  expect(said(`${YEAR}-12-08T07:00:00Z`, `${YEAR}-12-11T07:00:00Z`, zone)).toMatch(
    /^\w{3} 8 Dec to \w{3} 10 Dec$/,
  )
  expect(said(`${YEAR}-12-08T16:00:00Z`, `${YEAR}-12-08T18:30:00Z`, zone)).toMatch(
    /^\w{3} 8 Dec, 9:00 to 11:30 am, Phoenix time$/,
  )
  expect(said(`${YEAR}-12-08T16:00:00Z`, `${YEAR}-12-09T18:30:00Z`, zone)).toMatch(
    /^\w{3} 8 Dec, 9:00 am to \w{3} 9 Dec, 11:30 am, Phoenix time$/,
  )
})
