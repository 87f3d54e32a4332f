/** Text as it is compared: no accents, no case, no punctuation. */
function plainText(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Whether two words differ by at most one typing mistake (two in words of eight letters and more): a letter changed, missing, added, or two swapped. */
function isNear(wanted: string, word: string): boolean {
  const most = wanted.length >= 8 ? 2 : 1
  if (Math.abs(wanted.length - word.length) > most) return false
  let before: number[] = []
  let last = Array.from({ length: word.length + 1 }, (_, index) => index)
  for (let i = 1; i <= wanted.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= word.length; j += 1) {
      const cost = wanted[i - 1] === word[j - 1] ? 0 : 1
      let best = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + cost)
      const isSwap = i > 1 && j > 1 && wanted[i - 1] === word[j - 2] && wanted[i - 2] === word[j - 1]
      if (isSwap) best = Math.min(best, (before[j - 2] ?? 0) + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return (last[word.length] ?? most + 1) <= most
}

function scoreOfWord(wanted: string, words: readonly string[]): number {
  let best = 0
  for (const word of words) {
    if (word === wanted) return 4
    if (word.startsWith(wanted)) best = Math.max(best, 3)
    else if (wanted.length >= 3 && word.includes(wanted)) best = Math.max(best, 2)
    else if (wanted.length >= 4 && isNear(wanted, word.slice(0, Math.max(wanted.length, word.length - 2))))
      best = Math.max(best, 1)
    else if (wanted.length >= 4 && isNear(wanted, word)) best = Math.max(best, 1)
  }
  return best
}

/**
 * Things whose texts hold every word of the query, best match first; accents, case and small typing mistakes do not matter.
 * An empty query gives everything in the given order.
 */
export function searchTexts<T>(
  things: readonly T[],
  query: string,
  textsOf: (thing: T) => readonly (string | undefined)[],
): T[] {
  const wanted = plainText(query).split(' ').filter(Boolean)
  if (wanted.length === 0) return [...things]
  const scored = things.map((thing) => {
    const words = plainText(textsOf(thing).filter(Boolean).join(' ')).split(' ')
    const scores = wanted.map((one) => scoreOfWord(one, words))
    return {
      thing,
      score: scores.every((score) => score > 0) ? scores.reduce((sum, one) => sum + one, 0) : 0,
    }
  })
  return scored
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ thing }) => thing)
}

/** Whether a text holds every word that was typed, in any order, as `searchTexts` compares but without forgiving mistakes: for lists whose own order counts. */
export function holdsWords(text: string, typed: string): boolean {
  const said = plainText(text)
  return plainText(typed)
    .split(' ')
    .every((word) => said.includes(word))
}
