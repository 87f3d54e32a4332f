import { Refusal } from '../fhir/outcome.ts'
import type { Answer } from './interaction.ts'

const MAX_MS = 60_000
const MAX_CHARACTERS = 50_000_000

/** What one bundle may ask of the writer, as everybody else waits for it. */
export class BundleBudget {
  readonly #now: () => number
  readonly #endsAt: number
  #characters = 0

  constructor(now = () => performance.now()) {
    this.#now = now
    this.#endsAt = now() + MAX_MS
  }

  /** Refuses an entry once time is up. */
  requireTime(): void {
    if (this.#now() > this.#endsAt)
      throw new Refusal(413, 'too-costly', 'The bundle takes too long: send it in parts.')
  }

  /** The answer of an entry, unless all of them together become too large. */
  spend(answer: Answer): Answer {
    this.#characters += answer.body.length
    if (this.#characters > MAX_CHARACTERS)
      throw new Refusal(413, 'too-costly', 'The answers of the bundle are too large together: ask in parts.')
    return answer
  }
}
