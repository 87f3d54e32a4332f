import { expect, test } from 'vitest'
import { BundleBudget } from './bundle-budget.ts'

test('a bundle is given a minute', () => {
  let now = 5
  const budget = new BundleBudget(() => now)
  now += 60_000
  expect(() => budget.requireTime()).not.toThrow()
  now += 1
  expect(() => budget.requireTime()).toThrow(expect.objectContaining({ status: 413 }))
})

test('the answers of a bundle hold fifty million characters together', () => {
  const budget = new BundleBudget()
  const answer = { status: 200, body: 'x'.repeat(10_000_000) }
  for (let at = 0; at < 5; at++) expect(budget.spend(answer)).toBe(answer)
  expect(() => budget.spend({ status: 200, body: 'x' })).toThrow(expect.objectContaining({ status: 413 }))
})
