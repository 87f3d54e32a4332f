// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react'
import { NextIntlClientProvider } from 'next-intl'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import english from '../messages/en.json' with { type: 'json' }
import { StoreDown } from './store-down.tsx'

// The fault is injected here: only the health check's answers are made up, no health data is.
const health = vi.fn<(path: string) => Promise<Response>>()

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', health)
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  health.mockReset()
})

test('a record that is down is asked for again until it is back, and the screen goes on by itself', async () => {
  const onRecovered = vi.fn<() => void>()
  health
    .mockRejectedValueOnce(new TypeError('connection refused'))
    .mockResolvedValueOnce(new Response(null, { status: 503 }))
    .mockResolvedValue(new Response(null, { status: 200 }))
  const { unmount } = render(
    <NextIntlClientProvider locale="en" messages={english} timeZone="UTC">
      <StoreDown onRecovered={onRecovered} />
    </NextIntlClientProvider>,
  )
  expect(screen.getByRole('status').textContent).toContain('Records cannot be reached right now')
  await act(() => vi.advanceTimersByTimeAsync(2_000))
  await act(() => vi.advanceTimersByTimeAsync(3_000))
  expect(onRecovered).not.toHaveBeenCalled()
  await act(() => vi.advanceTimersByTimeAsync(4_500))
  expect(health).toHaveBeenLastCalledWith('/health/ready', expect.anything())
  expect(onRecovered).toHaveBeenCalledTimes(1)
  unmount()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(onRecovered).toHaveBeenCalledTimes(1)
})
