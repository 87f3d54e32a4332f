import type { Resource } from '@medplum/fhirtypes'

import { Refusal } from './refusal.ts'

/** The most that one answer holds, a whole batch too. */
export const MOST_ANSWER_CHARACTERS = 10_000_000

export function answerSize(resource: Resource | undefined): number {
  return resource ? JSON.stringify(resource).length : 0
}

export function tooMuch(message: string): Refusal {
  return new Refusal(422, 'too-costly', message)
}
