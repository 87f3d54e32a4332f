import { createHash, type Hash } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'

const BLOCK = 512
const CHUNK = 4 * 1024 * 1024
/** Larger sizes do not fit the octal digits of a header and are written as a binary number. */
const MAX_OCTAL = 0o77_777_777_777

export type Member = { name: string; offset: number; bytes: number }

function header(name: string, bytes: number, atSeconds: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  block.write(name, 0, 100, 'utf8')
  block.write('0000600\0', 100)
  block.write('0000000\0', 108)
  block.write('0000000\0', 116)
  if (bytes <= MAX_OCTAL) block.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124)
  else {
    block[124] = 0x80
    block.writeBigUInt64BE(BigInt(bytes), 128)
  }
  block.write(`${atSeconds.toString(8).padStart(11, '0')}\0`, 136)
  block.write('0', 156)
  block.write('ustar\x0000', 257, 'latin1')
  block.write(checksum(block), 148)
  return block
}

/** Sum of the header's bytes, its own eight counted as blanks. */
function checksum(block: Buffer): string {
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
  return `${sum.toString(8).padStart(6, '0')}\0 `
}

/** Writes a tar archive, file by file, and tells the hash of each. */
export class ArchiveWriter {
  readonly #fd: number
  readonly #atSeconds: number

  /** `path` must not exist yet. */
  constructor(path: string, at: Date) {
    this.#fd = openSync(path, 'wx', 0o600)
    this.#atSeconds = Math.floor(at.getTime() / 1000)
  }

  addFile(
    name: string,
    path: string,
    onBytes: (bytes: number) => void = () => {},
  ): { bytes: number; sha256: string } {
    const source = openSync(path, 'r')
    try {
      const { size } = fstatSync(source)
      this.#write(header(name, size, this.#atSeconds))
      const sha256 = copyRange({ fd: source, offset: 0, bytes: size }, (chunk) => {
        this.#write(chunk)
        onBytes(chunk.length)
      })
      this.#pad(size)
      return { bytes: size, sha256 }
    } finally {
      closeSync(source)
    }
  }

  addBytes(name: string, content: Buffer): { bytes: number; sha256: string } {
    this.#write(header(name, content.length, this.#atSeconds))
    this.#write(content)
    this.#pad(content.length)
    return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
  }

  /** Ends the archive and waits until the disk has it. */
  finish(): void {
    this.#write(Buffer.alloc(2 * BLOCK))
    fsyncSync(this.#fd)
    this.close()
  }

  close(): void {
    closeSync(this.#fd)
  }

  #pad(bytes: number): void {
    this.#write(Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK))
  }

  #write(bytes: Buffer): void {
    let done = 0
    while (done < bytes.length) done += writeSync(this.#fd, bytes, done)
  }
}

/** Gives a part of a file in pieces and returns its hash. Throws when the file ends before. */
export function copyRange(
  range: { fd: number; offset: number; bytes: number },
  onChunk: (chunk: Buffer) => void,
): string {
  const hash: Hash = createHash('sha256')
  const buffer = Buffer.alloc(Math.min(CHUNK, Math.max(range.bytes, 1)))
  for (let done = 0; done < range.bytes;) {
    const count = readSync(
      range.fd,
      buffer,
      0,
      Math.min(buffer.length, range.bytes - done),
      range.offset + done,
    )
    if (count === 0) throw new Error('It ends in the middle of a file.')
    hash.update(buffer.subarray(0, count))
    onChunk(buffer.subarray(0, count))
    done += count
  }
  return hash.digest('hex')
}

function sizeOf(block: Buffer): number {
  if (block[124] === 0x80) return Number(block.readBigUInt64BE(128))
  const octal = block.toString('latin1', 124, 135)
  return /^[0-7]{11}$/.test(octal) ? Number.parseInt(octal, 8) : Number.NaN
}

function isZero(fd: number, offset: number, bytes: number): boolean {
  const found = Buffer.alloc(bytes, 1)
  return readSync(fd, found, 0, bytes, offset) === bytes && found.every((byte) => byte === 0)
}

/** The files of an archive. Throws when it is not one that `ArchiveWriter` has finished. */
export function listMembers(fd: number): Member[] {
  const { size } = fstatSync(fd)
  const members: Member[] = []
  const block = Buffer.alloc(BLOCK)
  let offset = 0
  for (;;) {
    if (readSync(fd, block, 0, BLOCK, offset) < BLOCK) throw new Error('It has no end.')
    if (block.every((byte) => byte === 0)) {
      if (size !== offset + 2 * BLOCK || !isZero(fd, offset, 2 * BLOCK))
        throw new Error('Something follows its end.')
      return members
    }
    const bytes = sizeOf(block)
    const isTar = block.toString('latin1', 148, 156) === checksum(block)
    if (!isTar || Number.isNaN(bytes) || offset + BLOCK + bytes > size)
      throw new Error('It is not an archive.')
    const nameEnd = block.indexOf(0)
    members.push({
      name: block.toString('utf8', 0, Math.min(nameEnd < 0 ? 100 : nameEnd, 100)),
      offset: offset + BLOCK,
      bytes,
    })
    const end = offset + BLOCK + bytes
    offset += BLOCK + Math.ceil(bytes / BLOCK) * BLOCK
    if (!isZero(fd, end, offset - end)) throw new Error('Something lies between its files.')
  }
}
