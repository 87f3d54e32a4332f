import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { startRecord } from '../record.ts'

export const SECRET = 'a-secret-for-tests-only'

/** Answers have many shapes and tests read them by path. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Answered = any

export interface Reply {
  status: number
  headers: Headers
  /** Parsed JSON, or undefined without a body. */
  json: Answered
}

export interface TestRecord {
  base: string
  folder: string
  port: number
  send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>
  /** Stops the server and removes its data. */
  stop: () => Promise<void>
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

export function makeFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'record-'))
}

/** The real server with its writer thread, on a free port and a folder of its own. */
export async function startTestRecord(organizations = ['openward']): Promise<TestRecord> {
  const folder = makeFolder()
  const port = await freePort()
  const record = await startRecord({
    port,
    secret: SECRET,
    organizations,
    dataFolder: folder,
    log: pino({ level: 'silent' }),
    onStorageFailure: (reason) => {
      throw new Error(reason)
    },
  })
  const base = `http://127.0.0.1:${port}/openward`
  return {
    base,
    folder,
    port,
    send: (method, target, body, headers) => send(base, method, target, body, headers),
    stop: async () => {
      await record.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function send(
  base: string,
  method: string,
  target: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(target === '' ? base : `${base}/${target}`, {
    method,
    headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/fhir+json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    json: text === '' ? undefined : JSON.parse(text),
  }
}
