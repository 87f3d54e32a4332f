const CHARACTERS_PER_UNIT = 100

function textUnits(text: string): number {
  return Math.floor(text.length / CHARACTERS_PER_UNIT)
}

/** How much a JSON value is: one for each value in it, and one for every 100 characters of text and names. Stops counting beyond `most`. */
export function jsonSize(value: unknown, most: number): number {
  const waiting: unknown[] = [value]
  let size = 0
  while (waiting.length > 0 && size <= most) {
    const one = waiting.pop()
    size += 1
    if (typeof one === 'string') size += textUnits(one)
    if (typeof one !== 'object' || one === null) continue
    for (const [name, child] of Object.entries(one)) {
      size += textUnits(name)
      waiting.push(child)
    }
  }
  return size
}
