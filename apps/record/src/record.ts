import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Logger } from 'pino'
import { openOrganization, type Organization } from './http/organization.ts'
import { makeServer } from './http/server.ts'

export interface RecordOptions {
  port: number
  secret: string
  organizations: string[]
  dataFolder: string
  log: Logger
  /** The disk gave up: nothing can be stored any more. */
  onStorageFailure: (reason: string) => void
}

export interface RunningRecord {
  /** Lets running requests finish, then closes every file. */
  stop: () => Promise<void>
}

const HOST = '127.0.0.1'
const PATIENCE_MS = 5000

export async function startRecord(options: RecordOptions): Promise<RunningRecord> {
  if (existsSync(path.join(options.dataFolder, 'restore.json'))) {
    throw new Error(
      `A restore into ${options.dataFolder} was interrupted: npm start or npm run restore brings it to its end.`,
    )
  }
  const organizations = new Map<string, Organization>()
  for (const name of options.organizations) {
    const origin = `http://${HOST}:${options.port}`
    const organization = await openOrganization(name, options.dataFolder, origin, options.log)
    organization.writer.events.on('failed', options.onStorageFailure)
    organizations.set(name, organization)
  }
  const server = makeServer({ organizations, secret: options.secret, log: options.log })
  server.listen(options.port, HOST)
  await once(server, 'listening')
  return {
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const organization of organizations.values()) organization.writer.events.emit('stopping')
      const timer = setTimeout(() => server.closeAllConnections(), PATIENCE_MS)
      await closed
      clearTimeout(timer)
      for (const organization of organizations.values()) await organization.close()
    },
  }
}
