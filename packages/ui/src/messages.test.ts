import { expect, test } from 'vitest'
import english from '../messages/en.json' with { type: 'json' }
import spanish from '../messages/es.json' with { type: 'json' }

function keys(words: object, path = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? keys(value, `${path}${key}.`) : [`${path}${key}`],
  )
}

test('every word exists in English and in Spanish', () => {
  expect(keys(spanish)).toEqual(keys(english))
  expect(keys(english).length).toBeGreaterThan(10)
})
