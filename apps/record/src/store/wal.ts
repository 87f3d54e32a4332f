import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const MAGIC_LITTLE_ENDIAN = 0x37_7f_06_82

export interface WalState {
  /** 0 when nothing is in the log. */
  pageSize: number
  /** What was committed cannot all be read: SQLite itself would pass over the rest in silence. */
  isDamaged: boolean
}

/**
 * Reads a write-ahead log as SQLite would, and looks behind the place where SQLite stops. A crash leaves at most one
 * commit unfinished there; if more commits follow, the log was changed after it was written.
 */
export function readWal(path: string): WalState {
  const size = existsSync(path) ? statSync(path).size : 0
  if (size < HEADER_BYTES + FRAME_HEADER_BYTES) return { pageSize: 0, isDamaged: false }
  const fd = openSync(path, 'r')
  try {
    return readOpened(fd, size)
  } finally {
    closeSync(fd)
  }
}

function readOpened(fd: number, size: number): WalState {
  const header = Buffer.alloc(HEADER_BYTES)
  readSync(fd, header, 0, HEADER_BYTES, 0)
  if (header.every((byte) => byte === 0)) return { pageSize: 0, isDamaged: false }
  const isLittleEndian = header.readUInt32BE(0) === MAGIC_LITTLE_ENDIAN
  const pageSize = header.readUInt32BE(8)
  const sum = new Checksum(isLittleEndian)
  sum.add(header, 0, 24)
  const isMagic = isLittleEndian || header.readUInt32BE(0) === MAGIC_LITTLE_ENDIAN + 1
  const isPageSize = pageSize >= 512 && pageSize <= 65_536 && (pageSize & (pageSize - 1)) === 0
  if (!isMagic || !isPageSize || !sum.equals(header, 24)) return { pageSize, isDamaged: true }
  const frame = Buffer.alloc(FRAME_HEADER_BYTES + pageSize)
  let isChainWhole = true
  let commitsBehind = 0
  for (let at = HEADER_BYTES; at + frame.length <= size; at += frame.length) {
    readSync(fd, frame, 0, isChainWhole ? frame.length : FRAME_HEADER_BYTES, at)
    const isOfThisLog = frame.compare(header, 16, 24, 8, 16) === 0
    if (isChainWhole) {
      sum.add(frame, 0, 8)
      sum.add(frame, FRAME_HEADER_BYTES, frame.length)
      isChainWhole = isOfThisLog && sum.equals(frame, 16)
      if (isChainWhole) continue
    }
    if (isOfThisLog && frame.readUInt32BE(4) > 0) commitsBehind += 1
  }
  return { pageSize, isDamaged: commitsBehind > 1 }
}

/** The running checksum of the file format. */
class Checksum {
  readonly #isLittleEndian: boolean
  #first = 0
  #second = 0

  constructor(isLittleEndian: boolean) {
    this.#isLittleEndian = isLittleEndian
  }

  add(bytes: Buffer, from: number, to: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let at = from; at < to; at += 8) {
      this.#first = (this.#first + view.getUint32(at, this.#isLittleEndian) + this.#second) >>> 0
      this.#second = (this.#second + view.getUint32(at + 4, this.#isLittleEndian) + this.#first) >>> 0
    }
  }

  equals(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.#first && bytes.readUInt32BE(at + 4) === this.#second
  }
}
