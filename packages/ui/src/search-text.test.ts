import { expect, test } from 'vitest'

import { holdsWords, searchTexts } from './search-text.ts'

const services = ['Vaccination: flu, COVID-19', 'Fisioterapia: dolor de espalda y lesión', 'Heart specialist']

test.each([
  ['vacination', 'Vaccination: flu, COVID-19'],
  ['FLU', 'Vaccination: flu, COVID-19'],
  ['covid 19', 'Vaccination: flu, COVID-19'],
  ['lesion', 'Fisioterapia: dolor de espalda y lesión'],
  ['fisioterápia', 'Fisioterapia: dolor de espalda y lesión'],
  ['haert', 'Heart specialist'],
  ['spec', 'Heart specialist'],
])('finds through %s', (query, expected) => {
  expect(searchTexts(services, query, (text) => [text])).toEqual([expected])
})

test('every word must be found, and nothing is found for what is not there', () => {
  expect(searchTexts(services, 'heart flu', (text) => [text])).toEqual([])
  expect(searchTexts(services, 'zzzz', (text) => [text])).toEqual([])
})

test('an empty query keeps all, in their order', () => {
  expect(searchTexts(services, '  ', (text) => [text])).toEqual(services)
})

test('short words are never matched by a typing mistake', () => {
  expect(searchTexts(['eye', 'ear'], 'eae', (text) => [text])).toEqual([])
})

test.each([
  ['garcia maria', true],
  ['GARCÍA', true],
  ['', true],
  ['garcia lopez', false],
  ['gracia', false],
])('a text holds the words of “%s”: %s', (typed, isHeld) => {
  expect(holdsWords('María García-Ruiz', typed)).toBe(isHeld)
})
