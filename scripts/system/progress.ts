const BAR_WIDTH = 24
const PLAIN_EVERY_MS = 5_000

/** One line that tells how far a long step is: a bar on a terminal, a plain line every few seconds elsewhere. */
export class Progress {
  readonly #label: string
  readonly #isTerminal = process.stderr.isTTY === true
  readonly #startedAt = performance.now()
  #lastPlainAt = 0

  constructor(label: string) {
    this.#label = label
    if (this.#isTerminal) process.stderr.write(`  ${label}…`)
    else process.stderr.write(`  ${label}…\n`)
  }

  /** `total` may be unknown. */
  update(done: number, total?: number, unit = ''): void {
    const count =
      `${done.toLocaleString('en')}${total ? ` of ${total.toLocaleString('en')}` : ''} ${unit}`.trim()
    if (this.#isTerminal) {
      const filled = total ? Math.round((Math.min(done, total) / total) * BAR_WIDTH) : 0
      const bar = total ? ` [${'#'.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}]` : ''
      process.stderr.write(`\r\x1b[2K  ${this.#label}${bar} ${count}`)
      return
    }
    if (performance.now() - this.#lastPlainAt < PLAIN_EVERY_MS) return
    this.#lastPlainAt = performance.now()
    process.stderr.write(`  ${this.#label}: ${count}\n`)
  }

  /** Shows a changing detail, such as the build's current part. */
  detail(text: string): void {
    if (this.#isTerminal) process.stderr.write(`\r\x1b[2K  ${this.#label}: ${text.slice(0, 70)}`)
  }

  finish(): void {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1)
    process.stderr.write(`${this.#isTerminal ? '\r\x1b[2K' : ''}  ${this.#label}: done in ${seconds} s\n`)
  }
}
