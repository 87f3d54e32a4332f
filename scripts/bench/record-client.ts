import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'

export type Reply = { status: number; head: string; body: string }

const EMPTY = Buffer.alloc(0)
const END_OF_HEAD = Buffer.from('\r\n\r\n')
const END_OF_LINE = Buffer.from('\r\n')

type Waiting = { resolve: (reply: Reply) => void; reject: (error: Error) => void }

/** One kept-alive HTTP/1.1 connection that costs next to nothing, since it shares the machine with what it measures. */
export class Connection {
  readonly #socket: Socket
  #waiting: Waiting | undefined
  #rest: Buffer = EMPTY
  #head = ''
  /** Bytes of the body, or of the chunk, still to come; undefined while the head is read. */
  #left: number | undefined
  #isChunked = false
  #keepsBody = false
  #kept: Buffer[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (data: Buffer) => this.#receive(data))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('The server closed the connection')))
  }

  static open(url: URL): Promise<Connection> {
    const isSecure = url.protocol === 'https:'
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const port = Number(url.port || (isSecure ? 443 : 80))
    const socket = isSecure ? connectSecurely({ host, port, servername: host }) : connect({ host, port })
    socket.setNoDelay(true)
    return new Promise((resolve, reject) => {
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        socket.off('error', reject)
        resolve(new Connection(socket))
      })
      socket.once('error', reject)
    })
  }

  /** Sends one whole request; the body of the answer is thrown away unless it is asked for. */
  request(bytes: Uint8Array | string, keepsBody = false): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) {
        reject(new Error('The server closed the connection'))
        return
      }
      this.#keepsBody = keepsBody
      this.#waiting = { resolve, reject }
      this.#socket.write(bytes)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #fail(error: Error): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.reject(error)
    this.#socket.destroy()
  }

  #receive(data: Buffer): void {
    this.#rest = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data])
    if (this.#left === undefined && !this.#readHead()) return
    if (this.#isChunked) this.#readChunks()
    else {
      this.#take(this.#rest.length)
      if (this.#left === 0) this.#finish()
    }
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf(END_OF_HEAD)
    if (end < 0) return false
    this.#head = this.#rest.toString('latin1', 0, end)
    this.#rest = this.#rest.subarray(end + 4)
    this.#isChunked = /\r\ntransfer-encoding: *chunked/i.test(this.#head)
    this.#left = this.#isChunked ? 0 : Number(/\r\ncontent-length: *(\d+)/i.exec(this.#head)?.[1] ?? 0)
    return true
  }

  #take(count: number): void {
    if (this.#keepsBody) this.#kept.push(this.#rest.subarray(0, count))
    this.#rest = this.#rest.subarray(count)
    this.#left = (this.#left ?? 0) - count
  }

  #readChunks(): void {
    for (;;) {
      if ((this.#left ?? 0) > 0) {
        this.#take(Math.min(this.#left ?? 0, this.#rest.length))
        if ((this.#left ?? 0) > 0) return
        this.#left = -1
      }
      const end = this.#rest.indexOf(END_OF_LINE)
      if (end < 0) return
      const line = this.#rest.toString('latin1', 0, end)
      this.#rest = this.#rest.subarray(end + 2)
      if (this.#left === -1) this.#left = 0
      else if (this.#left === -2) {
        if (line === '') {
          this.#finish()
          return
        }
      } else {
        const size = Number.parseInt(line, 16)
        this.#left = size === 0 ? -2 : size
      }
    }
  }

  #finish(): void {
    const reply: Reply = {
      status: Number(this.#head.slice(9, 12)),
      head: this.#head,
      body: this.#kept.length === 0 ? '' : Buffer.concat(this.#kept).toString('utf8'),
    }
    this.#left = undefined
    this.#kept = []
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve(reply)
  }
}
