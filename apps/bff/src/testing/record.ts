import { FhirClient, fetchTransport } from '@openward/fhir-client'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The real record, in a process of its own. */
export type TestRecord = {
  /** With `{organization}` in it. */
  baseUrl: string
  secret: string
  /** Straight to the record, past the BFF: for seeding and for looking at what is stored. */
  fhir: (organization?: string) => FhirClient
  stop: () => Promise<void>
}

const MAIN = fileURLToPath(new URL('../../../record/src/main.ts', import.meta.url))
const START_MS = 30_000

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function requireHealthy(child: ChildProcess, port: number, said: string[]): Promise<void> {
  const untilMs = Date.now() + START_MS
  while (Date.now() < untilMs && child.exitCode === null) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/health`)
      await response.body?.cancel()
      if (response.ok) return
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
    await pause(50)
  }
  child.kill('SIGKILL')
  throw new Error(`The record did not start:\n${said.join('')}`)
}

/** Starts the record over `dataFolder` on a free port. */
export async function startTestRecord(
  dataFolder: string,
  organizations: readonly string[],
): Promise<TestRecord> {
  const port = await freePort()
  const secret = randomBytes(24).toString('hex')
  const environment = {
    PATH: process.env.PATH,
    RECORD_PORT: String(port),
    RECORD_SECRET: secret,
    RECORD_ORGANIZATIONS: organizations.join(','),
    OPENWARD_DATA: dataFolder,
    LOG_LEVEL: 'warn',
  }
  const child = spawn(process.execPath, [MAIN], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  await requireHealthy(child, port, said)
  const baseUrl = `http://127.0.0.1:${port}/{organization}`
  const headers = { authorization: `Bearer ${secret}` }
  function fhir(organization = organizations[0] ?? 'openward'): FhirClient {
    return new FhirClient(
      fetchTransport({ baseUrl: baseUrl.replace('{organization}', organization), headers: () => headers }),
    )
  }
  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return { baseUrl, secret, fhir, stop }
}
