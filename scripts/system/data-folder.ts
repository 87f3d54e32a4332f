import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

import { endInterruptedRestore } from '../backup/pending.ts'
import { Failure } from './failure.ts'

const NEEDED_BYTES = 300 * 1024 * 1024

const secretsSchema = z.object({ recordSecret: z.string().min(32) })
const runtimeSchema = z.object({
  pid: z.number(),
  origin: z.string(),
  fhirBaseUrl: z.string(),
  token: z.string().optional(),
})

/** Where a running system can be reached by the other commands. */
export type Runtime = z.infer<typeof runtimeSchema>

/** Makes the data folder, or says in a sentence why it cannot be used. */
export function prepareDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
    const probe = join(folder, '.write-probe')
    writeFileSync(probe, 'probe')
    rmSync(probe)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC')
      throw new Failure(`The disk that holds ${folder} is full. Free some space and start again.`)
    throw new Failure(
      `Openward cannot write to its data folder ${folder}. Give yourself write permission for it, or choose another: OPENWARD_DATA=<folder> npm start`,
    )
  }
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < NEEDED_BYTES) {
    throw new Failure(
      `The disk that holds ${folder} is full (less than 300 MB free). Free some space and start again.`,
    )
  }
  endInterruptedRestore(folder)
}

function readJson<T>(path: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(path)) return undefined
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

/** The secret between BFF and record; made at first start, readable by the owner only. */
export function recordSecret(folder: string): string {
  const path = join(folder, 'secrets.json')
  const known = readJson(path, secretsSchema)
  if (known) return known.recordSecret
  if (existsSync(path))
    throw new Failure(`${path} is damaged. Restore it from a backup, or delete it to have a new one made.`)
  const secrets = { recordSecret: randomBytes(32).toString('base64url') }
  writeFileSync(path, JSON.stringify(secrets), { mode: 0o600 })
  return secrets.recordSecret
}

/** What runs on this data folder now, or undefined. */
export function readRuntime(folder: string): Runtime | undefined {
  const runtime = readJson(join(folder, 'runtime.json'), runtimeSchema)
  if (!runtime) return undefined
  try {
    process.kill(runtime.pid, 0)
    return runtime
  } catch {
    return undefined
  }
}

export function writeRuntime(folder: string, runtime: Runtime): void {
  writeFileSync(join(folder, 'runtime.json'), JSON.stringify(runtime), { mode: 0o600 })
}

export function removeRuntime(folder: string): void {
  rmSync(join(folder, 'runtime.json'), { force: true })
}
