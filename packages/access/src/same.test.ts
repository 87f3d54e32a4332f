import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'

import { isSame } from './same.ts'

test('two JSON values are the same exactly when they are deeply equal', () => {
  const value = fc.jsonValue().map((one) => JSON.parse(JSON.stringify(one)) as unknown)
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(isSame(a, structuredClone(a))).toBe(true)
      expect(isSame(a, b)).toBe(isDeepStrictEqual(a, b))
    }),
  )
})
