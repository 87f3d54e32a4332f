import { describe, expect, test } from 'vitest'

import { inTurn } from './in-turn.ts'

function gate() {
  return Promise.withResolvers<void>()
}

describe('taking turns', () => {
  test('lets what shares a key run one after the other, in the order of asking, and the rest at once', async () => {
    const seen: string[] = []
    const open = gate()
    const first = inTurn(['a', 'b'], async () => {
      await open.promise
      seen.push('first')
    })
    const second = inTurn(['b', 'c'], async () => void seen.push('second'))
    const third = inTurn(['c', 'a'], async () => void seen.push('third'))
    await inTurn(['d'], async () => void seen.push('other'))
    await inTurn([], async () => void seen.push('nobody'))
    open.resolve()
    await Promise.all([first, second, third])
    expect(seen).toEqual(['other', 'nobody', 'first', 'second', 'third'])
  })

  test('goes on after a failure, which only its own caller sees', async () => {
    const failed = inTurn(['a'], () => Promise.reject(new Error('failed')))
    const next = inTurn(['a'], async () => 'next')
    await expect(failed).rejects.toThrow('failed')
    expect(await next).toBe('next')
  })
})
