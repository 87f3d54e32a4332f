/** What somebody else changed while a form was open, by field. */
export type ChangedMeanwhile = {
  /** When it was stored. */
  at: string | undefined
  /** Taken into the form: the person had not touched them. */
  taken: string[]
  /** Changed by both: the form keeps the person's. */
  kept: string[]
}

function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b)
}

/**
 * Three-way merge of a form's fields: what the person changed stays, everything else is as stored now. Both having made
 * the same change counts as no conflict.
 */
export function mergeValues<V extends object>(
  base: V,
  mine: V,
  theirs: V,
): { merged: V; taken: string[]; kept: string[] } {
  const merged = { ...theirs }
  const taken: string[] = []
  const kept: string[] = []
  for (const name of Object.keys(theirs) as Array<keyof V & string>) {
    const isMine = !isSame(base[name], mine[name])
    const isTheirs = !isSame(base[name], theirs[name])
    if (isMine) merged[name] = mine[name]
    if (!isTheirs || isSame(mine[name], theirs[name])) continue
    ;(isMine ? kept : taken).push(name)
  }
  return { merged, taken, kept }
}
