const last = new Map<string, Promise<void>>()

/**
 * Runs one after the other what has a key in common with something else that was asked for before. All keys are taken at once, so that no two wait for
 * each other.
 */
export async function inTurn<Result>(keys: readonly string[], run: () => Promise<Result>): Promise<Result> {
  const before = keys.flatMap((key) => last.get(key) ?? [])
  const { promise: mine, resolve: done } = Promise.withResolvers<void>()
  for (const key of keys) last.set(key, mine)
  try {
    await Promise.all(before)
    return await run()
  } finally {
    done()
    for (const key of keys) if (last.get(key) === mine) last.delete(key)
  }
}
