/** A line of a file, or why it cannot be one. */
export interface Line {
  /** From 1, empty lines counted. */
  number: number
  text: string | undefined
  refusal: string | undefined
}

const MAX_LINE_BYTES = 20 * 1024 * 1024
const NEWLINE = 10
const TOO_LONG = `A line may have at most ${MAX_LINE_BYTES / 1024 / 1024} MB.`

/** The lines of a stream of bytes, one in memory at a time, whatever their lengths; empty ones are left out. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let parts: Buffer[] = []
  let bytes = 0
  let number = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      take(chunk.subarray(from, at))
      const line = finish()
      if (line !== undefined) yield line
      from = at + 1
    }
    take(chunk.subarray(from))
  }
  const last = finish()
  if (last !== undefined) yield last

  function take(part: Buffer): void {
    bytes += part.length
    if (bytes <= MAX_LINE_BYTES) parts.push(part)
    else parts = []
  }

  function finish(): Line | undefined {
    number += 1
    const [taken, length] = [parts, bytes]
    parts = []
    bytes = 0
    if (length > MAX_LINE_BYTES) return { number, text: undefined, refusal: TOO_LONG }
    try {
      const text = decoder.decode(taken.length === 1 ? taken[0] : Buffer.concat(taken)).trim()
      return text === '' ? undefined : { number, text, refusal: undefined }
    } catch {
      return { number, text: undefined, refusal: 'The line is not valid UTF-8.' }
    }
  }
}
