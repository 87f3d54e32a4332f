import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { parseJson } from './exact-json.ts'
import { applyPatch, MOST_PATCHED, PatchRefusal } from './json-patch.ts'
import { jsonSize } from './json-size.ts'

const document = { resourceType: 'Patient', name: [{ given: ['A'] }], 'a/b': 1, 'm~n': 2 }

function refusedOrDone(patch: unknown): boolean {
  try {
    applyPatch(document, patch)
    return true
  } catch (error) {
    return error instanceof PatchRefusal
  }
}

function patchedOrRefused(from: object, patch: unknown): unknown {
  try {
    return applyPatch(from, patch)
  } catch (error) {
    if (error instanceof PatchRefusal) return error
    throw error
  }
}

describe('a JSON Patch', () => {
  test.each([
    [[{ op: 'add', path: '/name/0/given/-', value: 'B' }], { name: [{ given: ['A', 'B'] }] }],
    [[{ op: 'add', path: '/name/0/given/0', value: 'B' }], { name: [{ given: ['B', 'A'] }] }],
    [[{ op: 'replace', path: '/name/0', value: { text: 'x' } }], { name: [{ text: 'x' }] }],
    [[{ op: 'remove', path: '/name' }], { resourceType: 'Patient' }],
    [[{ op: 'replace', path: '/a~1b', value: 3 }], { 'a/b': 3 }],
    [[{ op: 'copy', from: '/m~0n', path: '/x' }], { x: 2 }],
    [[{ op: 'move', from: '/name', path: '/names' }], { names: [{ given: ['A'] }] }],
    [[{ op: 'test', path: '/name/0/given', value: ['A'] }], {}],
  ])('%j changes a copy as RFC 6902 says', (patch, expected) => {
    const before = structuredClone(document)
    expect(applyPatch(document, patch)).toMatchObject(expected)
    expect(document).toEqual(before)
  })

  test.each([
    [{ op: 'remove', path: '/nothing' }],
    [{ op: 'replace', path: '/name/1', value: 1 }],
    [{ op: 'add', path: '/name/5', value: 1 }],
    [{ op: 'add', path: '/name/01', value: 1 }],
    [{ op: 'add', path: '/__proto__/polluted', value: 1 }],
    [{ op: 'add', path: '/constructor/prototype/polluted', value: 1 }],
    [{ op: 'test', path: '/name', value: 'x' }],
    [{ op: 'move', from: '/name', path: '/name/0/x' }],
    [{ op: 'copy', from: '/name', path: '/name/-' }],
    [{ op: 'copy', from: '/name', path: '/name/0/given' }],
    [{ op: 'add', path: '', value: {} }],
    [{ op: 'add', path: 'name', value: {} }],
  ])('%j that does not fit is 422 and changes nothing', (step) => {
    expect(() => applyPatch(document, [step])).toThrow(expect.objectContaining({ status: 422 }))
    expect({}).not.toHaveProperty('polluted')
  })

  test.each([
    {},
    [],
    'x',
    null,
    [null],
    [{ op: 'add', path: '/x' }],
    [{ op: 'wreck', path: '/x' }],
    [{ op: 'add', path: 1, value: 1 }],
  ])('%j is no patch: 400', (patch) => {
    expect(() => applyPatch(document, patch)).toThrow(expect.objectContaining({ status: 400 }))
  })

  test('that doubles what is there again and again is refused as soon as it is too much', () => {
    const through = Array.from({ length: 24 }, () => [
      { op: 'copy', from: '/name', path: '/x' },
      { op: 'move', from: '/x', path: '/name/-' },
    ]).flat()
    expect(() => applyPatch(document, through)).toThrow(
      expect.objectContaining({ status: 422, code: 'too-costly' }),
    )
    const texts = { text: 'x'.repeat(900_000) }
    const copies = Array.from({ length: 50 }, (_, index) => ({
      op: 'copy',
      from: '/text',
      path: `/t${index}`,
    }))
    expect(() => applyPatch(texts, copies)).toThrow(expect.objectContaining({ status: 422 }))
    const tests = Array.from({ length: 50 }, () => ({ op: 'test', path: '/text', value: texts.text }))
    expect(() => applyPatch(texts, tests)).toThrow(expect.objectContaining({ status: 422 }))
  })

  test('of more than 50 steps is no patch: 400', () => {
    const steps = Array.from({ length: 51 }, () => ({ op: 'test', path: '/m~0n', value: 2 }))
    expect(() => applyPatch(document, steps)).toThrow(expect.objectContaining({ status: 400 }))
    expect(applyPatch(document, steps.slice(1))).toEqual(document)
  })

  test('never makes more than its budget, whatever its steps are', () => {
    const places = ['/list', '/list/-', '/list/0', '/list/0/0', '/other', '/other/-', '/list/1', '/text']
    const step = fc.record({
      op: fc.constantFrom('copy', 'copy', 'copy', 'move', 'add', 'replace', 'remove'),
      from: fc.constantFrom(...places),
      path: fc.constantFrom(...places),
      value: fc.oneof(
        fc.jsonValue(),
        fc.constant(Array.from({ length: 3000 }, () => [1])),
        fc.constant('x'.repeat(300_000)),
      ),
    })
    const start = { list: [[1, 2, 3], ['a']], other: [], text: 'b'.repeat(1000) }
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 50 }), (steps) => {
        let patched: unknown = start
        const applied: unknown[] = []
        // Steps that do not fit are left out, so that long patches come about.
        for (const one of steps) {
          const next = patchedOrRefused(start, [...applied, one])
          if (next instanceof PatchRefusal) continue
          patched = next
          applied.push(one)
        }
        const most = jsonSize(start, Infinity) + MOST_PATCHED
        expect(jsonSize(patched, Infinity)).toBeLessThanOrEqual(most)
      }),
      { numRuns: 40 },
    )
  })

  test('of any shape either applies or is refused, and never fails otherwise', () => {
    const pointer = fc.oneof(
      fc.string(),
      fc.constantFrom('/name', '/name/0', '/name/-', '/name/0/given/0', '/a~1b'),
    )
    const step = fc.record(
      {
        op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
        path: pointer,
        from: pointer,
        value: fc.jsonValue(),
      },
      { requiredKeys: ['op', 'path'] },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 5 }), (patch) => {
        expect(refusedOrDone(patch)).toBe(true)
      }),
    )
  })

  test('writes numbers as they are written in what is stored and in the patch', () => {
    const stored = parseJson('{"a":{"value":1.00},"b":[2.0,3]}') as object
    const patch = (steps: string) => JSON.stringify(applyPatch(stored, parseJson(steps)))
    expect(patch('[{"op":"add","path":"/c","value":4.50}]')).toBe('{"a":{"value":1.00},"b":[2.0,3],"c":4.50}')
    expect(patch('[{"op":"replace","path":"/a/value","value":1.0}]')).toBe('{"a":{"value":1.0},"b":[2.0,3]}')
    expect(patch('[{"op":"replace","path":"/a/value","value":1}]')).toBe('{"a":{"value":1},"b":[2.0,3]}')
    expect(patch('[{"op":"replace","path":"/a","value":{"value":7.10}}]')).toBe(
      '{"a":{"value":7.10},"b":[2.0,3]}',
    )
    expect(patch('[{"op":"copy","from":"/a/value","path":"/c"}]')).toBe(
      '{"a":{"value":1.00},"b":[2.0,3],"c":1.00}',
    )
    expect(
      patch('[{"op":"move","from":"/a/value","path":"/b/-"},{"op":"test","path":"/b/2","value":1}]'),
    ).toBe('{"a":{},"b":[2.0,3,1.00]}')
  })
})
