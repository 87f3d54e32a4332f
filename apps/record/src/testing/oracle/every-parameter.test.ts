import type { Resource } from '@medplum/fhirtypes'
import { afterAll, describe, expect, test } from 'vitest'
import { questionsFor } from './ask.ts'
import { compositeQuestions } from './composites.ts'
import {
  compositesOf,
  parametersOf,
  RESOURCE_TYPES,
  valuesOf,
  type OfficialComposite,
  type OfficialParameter,
} from './definitions.ts'
import { evaluate, type World } from './evaluate.ts'
import { makeResources } from './generate.ts'
import { BASE, populate, type Population } from './population.ts'
import { SEED } from './runs.ts'
import { readExamples, readSynthea } from './shared-data.ts'

/** Every way to ask for every value that a parameter found in resources of a type. */
function questionsOf(world: World, type: string, parameter: OfficialParameter): string[] {
  return (world.byType.get(type) ?? []).flatMap((resource) =>
    valuesOf(resource, parameter).flatMap((found) =>
      questionsFor(parameter, found, BASE).map(
        ({ modifier, value }) =>
          `${modifier === undefined ? '' : `:${modifier}`}=${encodeURIComponent(value)}`,
      ),
    ),
  )
}

function combinationsOf(world: World, type: string, composite: OfficialComposite): string[] {
  const resources = world.byType.get(type) ?? []
  return resources
    .flatMap((resource) => compositeQuestions(resource, composite, BASE))
    .map((value) => `=${encodeURIComponent(value)}`)
}

/** Each once; of more than `most`, so many spread over them. */
function spread(questions: string[], most: number): string[] {
  const known = [...new Set(questions)]
  const step = Math.max(1, known.length / most)
  return known.filter((_one, at) => Math.floor(at / step) !== Math.floor((at - 1) / step))
}

/** The searches whose answers differ from the plain evaluation, and which parameters had values. */
function differences(
  { record, world }: Population,
  most = Number.POSITIVE_INFINITY,
): { wrong: string[]; asked: Map<string, number> } {
  const asked = new Map<string, number>()
  const wrong: string[] = []
  for (const type of world.byType.keys()) {
    for (const parameter of [...parametersOf(type), ...compositesOf(type)]) {
      const isComposite = 'components' in parameter
      const questions = isComposite
        ? combinationsOf(world, type, parameter)
        : questionsOf(world, type, parameter)
      asked.set(`${type}.${parameter.code}`, questions.length)
      for (const question of [...(isComposite ? [] : [':missing=true']), ...spread(questions, most)]) {
        const search = `${type}?${parameter.code}${question}`
        const found = record.ids(`${search}&_count=1000`).toSorted()
        if (found.join() !== evaluate(world, search).toSorted().join()) wrong.push(decodeURIComponent(search))
      }
    }
  }
  return { wrong, asked }
}

const examples = readExamples()
const people = readSynthea(3)
const opened: Population[] = []
afterAll(() => {
  for (const { record } of opened) record.close()
})

function open(resources: Resource[]): Population {
  const population = populate(resources)
  opened.push(population)
  return population
}

describe('each value that the FHIRPath of a search parameter finds is found by searching for it, and nothing else', () => {
  test('in resources of every type made of odd values, for every parameter of R4', () => {
    const { wrong, asked } = differences(open(makeResources(SEED, 6, BASE)), 30)
    expect(wrong).toEqual([])
    const untouched = RESOURCE_TYPES.flatMap((type) =>
      [...parametersOf(type), ...compositesOf(type)].map(({ code }) => `${type}.${code}`),
    ).filter((pair) => (asked.get(pair) ?? 0) === 0)
    expect(untouched).toEqual([])
  })

  test.skipIf(examples.length === 0)('in the examples of the standard and of US Core', () => {
    expect(differences(open(examples)).wrong).toEqual([])
  })

  test.skipIf(people.length === 0)('in Synthea people', () => {
    expect(differences(open(people), 20).wrong).toEqual([])
  })
})
