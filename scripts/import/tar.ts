const BLOCK = 512
const REGULAR = new Set(['0', '\0', '7'])

export type TarMember = { path: string; size: number; content: Buffer | undefined }

function text(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start)
  return block.toString('utf8', start, end < 0 || end > start + length ? start + length : end)
}

function sizeOf(header: Buffer): number {
  const octal = text(header, 124, 12).trim()
  return /^[0-7]{1,12}$/.test(octal) ? Number.parseInt(octal, 8) : Number.NaN
}

/** `path=` of a pax header, which holds names longer than 100 bytes. */
function paxPath(content: Buffer): string | undefined {
  return /^\d+ path=(.*)$/m.exec(content.toString('utf8'))?.[1]
}

/** Gives exactly the wanted number of bytes from a stream of chunks; `skip` drops them without holding them. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>
  #held: Buffer = Buffer.alloc(0)

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  async take(length: number): Promise<Buffer | undefined> {
    const parts = [this.#held]
    let have = this.#held.length
    while (have < length) {
      const next = await this.#chunks.next()
      if (next.done) return undefined
      parts.push(next.value)
      have += next.value.length
    }
    const all = parts.length === 1 ? this.#held : Buffer.concat(parts)
    this.#held = all.subarray(length)
    return all.subarray(0, length)
  }

  async skip(length: number): Promise<void> {
    let left = length
    while (left > 0) {
      const bytes = await this.take(Math.min(left, 64 * 1024))
      if (!bytes) return
      left -= bytes.length
    }
  }
}

/**
 * The files of a tar stream, in order; a file larger than `maxBytes` comes without content. Throws when the stream is
 * not a tar archive or ends in the middle of a file.
 */
export async function* readTar(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<TarMember> {
  const reader = new ByteReader(chunks)
  let longPath: string | undefined
  for (;;) {
    const header = await reader.take(BLOCK)
    if (!header || header.every((byte) => byte === 0)) return
    const size = sizeOf(header)
    if (Number.isNaN(size)) throw new Error('It is not a tar archive, or a damaged one.')
    const padded = Math.ceil(size / BLOCK) * BLOCK
    const kind = String.fromCharCode(header[156] ?? 0)
    const isName = kind === 'x' || kind === 'L'
    if (size > maxBytes || (!isName && !REGULAR.has(kind))) {
      await reader.skip(padded)
      if (REGULAR.has(kind)) yield { path: longPath ?? text(header, 0, 100), size, content: undefined }
      longPath = undefined
      continue
    }
    const content = (await reader.take(padded))?.subarray(0, size)
    if (!content) throw new Error('It ends in the middle of a file.')
    if (isName) {
      longPath = kind === 'x' ? (paxPath(content) ?? longPath) : content.toString('utf8').replace(/\0+$/, '')
      continue
    }
    const prefix = header.toString('latin1', 257, 262) === 'ustar' ? text(header, 345, 155) : ''
    const path = longPath ?? (prefix ? `${prefix}/${text(header, 0, 100)}` : text(header, 0, 100))
    longPath = undefined
    yield { path, size, content: Buffer.from(content) }
  }
}
