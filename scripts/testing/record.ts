import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ROOT } from '../system/env.ts'

const SECRET = 'a-secret-of-the-tests-0123456789'

/** A record of its own, with nothing in it. */
export type TestRecord = {
  /** FHIR base of the organization `openward`. */
  baseUrl: string
  headers: { authorization: string }
  /** Settings for commands that shall use this record. */
  environment: Record<string, string>
  folder: string
  count: (type: string) => Promise<number>
  get: (path: string) => Promise<Record<string, unknown>>
  stop: () => Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

async function untilReady(origin: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300 && child.exitCode === null; tries += 1) {
    const isReady = await fetch(`${origin}/health`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
  }
  throw new Error('The record did not start')
}

/** Starts the embedded record on a free port, with its own folder or one that is there and stays. */
export async function startRecord(kept?: { folder: string; organizations: string }): Promise<TestRecord> {
  const folder = kept?.folder ?? mkdtempSync(join(tmpdir(), 'openward-import-'))
  const port = await freePort()
  const child = spawn(process.execPath, [join(ROOT, 'apps/record/src/main.ts')], {
    env: {
      ...process.env,
      OPENWARD_DATA: folder,
      RECORD_PORT: String(port),
      RECORD_SECRET: SECRET,
      RECORD_ORGANIZATIONS: kept?.organizations ?? 'openward',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const origin = `http://127.0.0.1:${port}`
  await untilReady(origin, child)
  const baseUrl = `${origin}/openward`
  const headers = { authorization: `Bearer ${SECRET}` }
  async function get(path: string): Promise<Record<string, unknown>> {
    const response = await fetch(`${baseUrl}/${path}`, { headers })
    return (await response.json()) as Record<string, unknown>
  }
  return {
    baseUrl,
    headers,
    environment: {
      OPENWARD_DATA: folder,
      FHIR_BASE_URL: `${origin}/{organization}`,
      FHIR_TOKEN: SECRET,
    },
    folder,
    get,
    count: async (type) => Number((await get(`${type}?_summary=count`))['total']),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      await ended
      if (kept === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Runs a command of the project to its end, or kills it after a time. */
export function runScript(
  name: string,
  args: readonly string[],
  environment: Record<string, string>,
  killAfterMs?: number,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'scripts', `${name}.ts`), ...args], {
      env: { ...process.env, OPENWARD_CWD: ROOT, ...environment },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    child.on('error', reject)
    child.on('exit', (code) => {
      clearTimeout(timer)
      resolve({ code, stdout, stderr })
    })
  })
}
