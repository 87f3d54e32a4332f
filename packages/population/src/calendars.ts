type Busy = { startMs: number; endMs: number }

/** Who is busy when, while visits are being planned. */
export class Calendars {
  readonly #busy = new Map<string, Busy[]>()

  isFree(actor: string, startMs: number, endMs: number): boolean {
    return !(this.#busy.get(actor) ?? []).some((taken) => taken.startMs < endMs && startMs < taken.endMs)
  }

  take(actor: string, startMs: number, endMs: number): void {
    const taken = this.#busy.get(actor)
    if (taken) taken.push({ startMs, endMs })
    else this.#busy.set(actor, [{ startMs, endMs }])
  }
}
