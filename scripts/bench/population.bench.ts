import { readSettings } from '../system/env.ts'
import { populate } from '../system/populate.ts'
import { atMost, type Bench } from './bench.ts'

/** How long the first start's load takes, generation included. */
export const bench: Bench = {
  name: 'population',
  what: 'the demo population from nothing into the record, validation on',
  async run({ system, folder }) {
    const running = await system()
    const startedAt = performance.now()
    await populate(running, {
      ...readSettings({}),
      dataFolder: `${folder}/data`,
      OPENWARD_POPULATION: 'demo',
    })
    return [atMost('load of the demo population', (performance.now() - startedAt) / 1000, 60, 's')]
  },
}
