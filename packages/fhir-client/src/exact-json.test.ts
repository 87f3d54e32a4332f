import { describe, expect, test } from 'vitest'

import {
  copyJson,
  keepNumberTexts,
  numberText,
  parseJson,
  setNumberText,
  TooManyNumbers,
} from './exact-json.ts'

const WRITTEN = [
  '1.00',
  '0.10',
  '-0',
  '-0.0',
  '1e3',
  '1E+2',
  '2.50e-7',
  '0.0000001',
  '12345678901234567890.5',
  '9007199254740993',
  '100000000000000000000000',
  '72.492784943988340',
  '1e400',
]
const PLAIN = ['0', '1', '-1', '1.5', '100', '72.49278494398834', '123456789012345', '1e+21', '1e-7']

describe('a number', () => {
  test.each([...WRITTEN, ...PLAIN])('%s is written as it was read, wherever it stands', (text) => {
    for (const json of [
      `{"value":${text}}`,
      `[${text}]`,
      `{"a":[{"b":1},{"c":[1,${text},2]}],"d":${text}}`,
      `{"extension":[{"url":"x","valueDecimal":${text}},{"valueDecimal":${text}}]}`,
    ])
      expect(JSON.stringify(parseJson(json))).toBe(json)
    expect(JSON.stringify(parseJson(`{ "value" :\n${text}\n}`))).toBe(`{"value":${text}}`)
  })

  test('stays a number, in an object with no further keys', () => {
    const parsed = parseJson('{"value":1.00,"unit":"mg"}') as object
    expect(parsed).toEqual({ value: 1, unit: 'mg' })
    expect(Object.keys(parsed)).toEqual(['value', 'unit'])
    expect(Object.entries(structuredClone(parsed))).toEqual([
      ['value', 1],
      ['unit', 'mg'],
    ])
  })

  test('that is changed is written as the new one', () => {
    const parsed = parseJson('{"value":1.00,"other":2.0}') as { value?: number; other: number }
    parsed.value = 3
    expect(JSON.stringify(parsed)).toBe('{"value":3,"other":2.0}')
    delete parsed.value
    expect(JSON.stringify(parsed)).toBe('{"other":2.0}')
  })
})

test('an object rebuilt from its properties keeps its numbers when it is told to', () => {
  const parsed = parseJson('{"id":"a","factorOverride":0.80}') as object
  expect(JSON.stringify(keepNumberTexts(parsed, { ...parsed, id: 'b' }))).toBe(
    '{"id":"b","factorOverride":0.80}',
  )
  expect(JSON.stringify({ inside: { deeper: parsed } })).toBe(
    '{"inside":{"deeper":{"id":"a","factorOverride":0.80}}}',
  )
})

test('a copy shares nothing with the original and is written alike', () => {
  const parsed = parseJson('{"a":{"value":1.0}}') as { a: { value: number } }
  const copy = copyJson(parsed)
  parsed.a.value = 2
  expect(JSON.stringify(copy)).toBe('{"a":{"value":1.0}}')
})

test('how a number is written can be moved to another object, and forgotten', () => {
  const from = parseJson('{"value":1.50}') as object
  const to = { x: 1.5 }
  setNumberText(to, 'x', numberText(from, 'value'))
  expect(JSON.stringify(to)).toBe('{"x":1.50}')
  setNumberText(to, 'x', undefined)
  expect(JSON.stringify(to)).toBe('{"x":1.5}')
})

test('keys with a meaning in JavaScript are keys like all others', () => {
  for (const json of ['{"toJSON":5,"a":1}', '{"__proto__":{"x":1.0},"constructor":2.0}'])
    expect(JSON.stringify(parseJson(json))).toBe(json)
  expect(JSON.stringify(parseJson('{"toJSON":"x","a":1.0}'))).toBe('{"toJSON":"x","a":1}')
  expect({}).not.toHaveProperty('x')
})

test('what is no JSON is refused as ever', () => {
  for (const text of ['', '{"a":01.0}', '{"a":1.0', '[1.00,]', 'NaN'])
    expect(() => parseJson(text)).toThrow(SyntaxError)
})

test('a number alone is read, though nothing holds how it was written', () => {
  expect(parseJson(' 1.00 ')).toBe(1)
})

test('more values than are worth it are refused where a number must be remembered, and only there', () => {
  expect(parseJson('[1,1,1,1]', 3)).toEqual([1, 1, 1, 1])
  expect(() => parseJson('[1,1,1,1.0]', 7)).toThrow(TooManyNumbers)
  expect(JSON.stringify(parseJson('[1,1,1,1.0]', 9))).toBe('[1,1,1,1.0]')
})
