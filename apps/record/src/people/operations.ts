import { parseBody } from '../fhir/json.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import type { Operation, OperationAnswer, OperationCall } from '../operations/operation.ts'
import { parameterList } from '../operations/parameters.ts'
import { countParameters, type PeopleOperation, type SearchCount } from './answers.ts'

export const PEOPLE_OPERATIONS: readonly Operation[] = [
  { ...operation('count'), run: answerCount },
  { ...operation('select'), run: (call) => ask(call, 'select') },
  { ...operation('tally'), run: (call) => ask(call, 'tally') },
]

const MAX_WAIT_MS = 10_000

function operation(name: PeopleOperation): Omit<Operation, 'run'> {
  return {
    name,
    definition: `https://openward.example/fhir/OperationDefinition/Patient-${name}`,
    levels: ['type'],
    types: ['Patient'],
    methods: ['POST'],
  }
}

function ask({ organization, interaction }: OperationCall, name: PeopleOperation): Promise<OperationAnswer> {
  return organization.counter.ask({ operation: name, body: interaction.body ?? '' })
}

/** With `wait`, what is known after so many milliseconds; the rest goes on and is ready when it is asked again. */
async function answerCount(call: OperationCall): Promise<OperationAnswer> {
  const { organization, interaction } = call
  const body = interaction.body ?? ''
  const waitMs = readWait(body)
  if (waitMs === undefined) return ask(call, 'count')
  const known: SearchCount[] = []
  const whole = organization.counter.ask({ operation: 'count', body }, (found) => known.push(found))
  let timer: NodeJS.Timeout | undefined
  const first = new Promise<OperationAnswer>((resolve) => {
    timer = setTimeout(() => resolve({ status: 200, body: countParameters(known, undefined) }), waitMs)
  })
  const answer = await Promise.race([whole, first])
  clearTimeout(timer)
  return answer
}

function readWait(body: string): number | undefined {
  const wait = parameterList(parseBody(body)).find((one) => one.name === 'wait')
  if (wait === undefined) return undefined
  const { value } = wait
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > MAX_WAIT_MS)
    throw invalidRequest(`"wait" must be a whole number of milliseconds up to ${MAX_WAIT_MS}.`, 'wait')
  return value
}
