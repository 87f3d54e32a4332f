import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { evaluate } from './evaluate.ts'
import { makeResources } from './generate.ts'
import { BASE, populate, type Population } from './population.ts'
import { RUNS, SEED } from './runs.ts'
import { Searches } from './searches.ts'
import { readExamples, readSynthea } from './shared-data.ts'

const odd = makeResources(SEED + 1, 6, BASE)
const examples = readExamples()
const people = readSynthea(3)
const populations: Record<string, () => Population> = {
  'resources of every type made of odd values, some rewritten and some deleted': () =>
    populate(
      odd,
      makeResources(SEED + 2, 3, BASE),
      odd.filter((_one, at) => at % 11 === 0),
    ),
  ...(examples.length === 0
    ? {}
    : { 'the examples of the standard and of US Core': () => populate(examples) }),
  ...(people.length === 0 ? {} : { 'Synthea people': () => populate(people) }),
}
const opened: Population[] = []
afterAll(() => {
  for (const { record } of opened) record.close()
})

test.each(Object.keys(populations))(
  'random searches over %s find what a plain evaluation of the standard finds, in its order, over all pages, and count it',
  (name) => {
    const population = populations[name]?.()
    if (population === undefined) throw new Error(`There is no population ${name}.`)
    opened.push(population)
    const { record, world } = population
    const searches = new Searches(world)
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { query, count } = searches.draw(g)
        const expected = evaluate(world, query)
        const paged = `${query}&_count=${count}&_total=accurate`
        const answer = { asked: paged, found: record.ids(paged), total: record.bundle(paged).total }
        expect(answer).toEqual({ asked: paged, found: expected, total: expected.length })
      }),
      { numRuns: RUNS },
    )
  },
)
