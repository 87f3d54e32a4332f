import { enableCompileCache } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Env {
  port: number
  secret: string
  organizations: string[]
  dataFolder: string
  logLevel: string
}

/** Reads the environment; a wrong value names itself. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const port = Number(source['RECORD_PORT'])
  if (!/^\d{1,5}$/.test(source['RECORD_PORT'] ?? '') || port < 1 || port > 65_535)
    throw wrong('RECORD_PORT', 'a port number')
  const secret = source['RECORD_SECRET'] ?? ''
  if (secret.length < 16) throw wrong('RECORD_SECRET', 'a secret of at least 16 characters')
  const organizations = (source['RECORD_ORGANIZATIONS'] ?? 'openward').split(',').map((name) => name.trim())
  if (organizations.some((name) => !/^[a-z][a-z0-9-]{0,62}$/.test(name))) {
    throw wrong('RECORD_ORGANIZATIONS', 'a comma list of names such as "openward,lakeside"')
  }
  const logLevel = source['LOG_LEVEL'] ?? 'info'
  if (!['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].includes(logLevel))
    throw wrong('LOG_LEVEL', 'a pino level')
  return {
    port,
    secret,
    organizations: [...new Set(organizations)],
    dataFolder: path.resolve(source['OPENWARD_DATA'] ?? '.data'),
    logLevel,
  }
}

function wrong(name: string, expected: string): Error {
  return new Error(`${name} must be ${expected}.`)
}

/** Keeps the code as Node compiled it for the next start, of threads too; where that cannot be written, nothing is kept. */
export function keepCompiledCode(): void {
  const folder = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url))
  enableCompileCache(folder)
  process.env['NODE_COMPILE_CACHE'] ??= folder
}
