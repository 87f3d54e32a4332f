import { expect, test } from 'vitest'
import { mergeValues } from './merge-values.ts'

const BASE = { name: 'North', phone: '1', hours: [1, 2], limit: Number.NaN }

test('takes what others changed and keeps what the person typed', () => {
  const result = mergeValues(BASE, { ...BASE, name: 'North clinic' }, { ...BASE, phone: '2' })
  expect(result.merged).toEqual({ ...BASE, name: 'North clinic', phone: '2' })
  expect(result.taken).toEqual(['phone'])
  expect(result.kept).toEqual([])
})

test('keeps the input where both changed the same field, and names it', () => {
  const result = mergeValues(BASE, { ...BASE, hours: [3] }, { ...BASE, hours: [4] })
  expect(result.merged.hours).toEqual([3])
  expect(result.kept).toEqual(['hours'])
})

test('does not speak of a conflict when both made the same change, or when nothing of the form changed', () => {
  const same = mergeValues(BASE, { ...BASE, hours: [3] }, { ...BASE, hours: [3] })
  expect([...same.taken, ...same.kept]).toEqual([])
  const untouched = mergeValues(BASE, { ...BASE, name: 'N' }, { ...BASE })
  expect([...untouched.taken, ...untouched.kept]).toEqual([])
})
