import { expect, test } from 'vitest'

import { narrowing, widened } from '#/lib/criteria.ts'

import { readPickState, writePickState } from './pick-state.ts'

function read(query: string) {
  return readPickState(new URLSearchParams(query))
}

test('what is written to the address is read back', () => {
  const query =
    'clinician=c1&clinician=c2&site=s1&mode=video&part=evening&language=es&interpreter=zh&moves=v1&view=list&month=2026-12&day=2026-12-03&repeat=6&every=2'
  expect(writePickState(read(query))).toBe(query)
  expect(writePickState(read('site=any'))).toBe('site=any')
})

test.each([
  'month=2026-13&day=2026-02-30&view=grid&mode=phone&part=night&repeat=1&every=99&site=../x&clinician=a%20b&language=%3Cscript%3E',
  'repeat=999&day=tomorrow&moves=',
])('an address that makes no sense counts as not given: %s', (query) => {
  expect(writePickState(read(query))).toBe('')
})

test('a wish is widened step by step: the clinic stays while something else can go', () => {
  const { clinicianIds, siteId, mode, part, language, interpreter, movesId } = read(
    'site=s1&part=evening&interpreter=zh',
  )
  const criteria = { clinicianIds, siteId, mode, part, language, interpreter, movesId }
  expect(narrowing(criteria)).toEqual(['siteId', 'part', 'interpreter'])
  expect(widened(criteria)).toMatchObject({ siteId: 's1', part: undefined, interpreter: 'zh' })
  expect(widened({ ...criteria, part: undefined, interpreter: undefined }).siteId).toBeUndefined()
})
