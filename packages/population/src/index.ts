export { generatePopulation } from './generate.ts'
export type { PopulationPlan } from './plan.ts'
