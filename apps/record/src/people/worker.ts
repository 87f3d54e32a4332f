import { parentPort, workerData } from 'node:worker_threads'
import { faultOf } from '../fhir/fault.ts'
import { outcomeJson, Refusal } from '../fhir/outcome.ts'
import { openForReading, readParameterNumbers } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import type { Answer } from '../writer/interaction.ts'
import { answerPeople, type PeopleOperation, type SearchCount } from './answers.ts'
import { PeopleEvaluator } from './evaluate.ts'

export interface CounterSettings {
  file: string
  base: string
}

export interface CounterJob {
  operation: PeopleOperation
  body: string
}

export type CounterMessage = { kind: 'search'; found: SearchCount } | { kind: 'answer'; answer: Answer }

function start(port: NonNullable<typeof parentPort>): void {
  const settings = workerData as CounterSettings
  const db = openForReading(settings.file)
  const store: Store = { db, numbers: readParameterNumbers(db), base: settings.base }
  const evaluator = new PeopleEvaluator(store)
  const tell = (message: CounterMessage) => port.postMessage(message)
  port.on('message', ({ operation, body }: CounterJob) => {
    try {
      const text = answerPeople(store, evaluator, operation, body, (found) => tell({ kind: 'search', found }))
      tell({ kind: 'answer', answer: { status: 200, body: text } })
    } catch (error) {
      const answer: Answer =
        error instanceof Refusal
          ? { status: error.status, body: outcomeJson(error.issues) }
          : { status: 500, body: '', fault: faultOf(error) }
      tell({ kind: 'answer', answer })
    }
  })
}

if (parentPort !== null) start(parentPort)
