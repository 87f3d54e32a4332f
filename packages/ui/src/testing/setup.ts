import { cleanup } from '@testing-library/react'
import { afterEach, beforeEach, vi } from 'vitest'

const spies = { error: vi.spyOn(console, 'error'), warn: vi.spyOn(console, 'warn') }

beforeEach(() => {
  spies.error.mockClear()
  spies.warn.mockClear()
})
afterEach(() => {
  cleanup()
  const said = [...spies.error.mock.calls, ...spies.warn.mock.calls]
  if (said.length > 0) throw new Error(`unexpected console output: ${String(said[0]?.[0])}`)
})
