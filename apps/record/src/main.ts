import { pino } from 'pino'
import { readEnv } from './env.ts'
import { openOrganization, type Organization } from './http/organization.ts'
import { makeServer } from './http/server.ts'
import { UnusableFile } from './store/open.ts'

const HOST = '127.0.0.1'

async function main(): Promise<void> {
  const env = readEnv()
  const log = pino({ level: env.logLevel, base: { app: 'record' } })
  const organizations = new Map<string, Organization>()
  for (const name of env.organizations) {
    const organization = await openOrganization(name, env.dataFolder, `http://${HOST}:${env.port}`)
    organizations.set(name, organization)
    organization.writer.events.on('failed', (reason) => {
      exitWith(
        /full/i.test(reason)
          ? 'The disk that holds the record is full.'
          : 'The data file of the record cannot be written any more.',
      )
    })
  }
  const server = makeServer({ organizations, secret: env.secret, log })
  server.on('error', (error: NodeJS.ErrnoException) => {
    exitWith(
      error.code === 'EADDRINUSE'
        ? `The port ${env.port} (RECORD_PORT) is taken.`
        : 'The record cannot listen on its port.',
    )
  })
  server.listen(env.port, HOST, () =>
    log.info({ port: env.port, organizations: env.organizations }, 'record is ready'),
  )
  let isStopping = false
  const stop = () => {
    if (isStopping) return
    isStopping = true
    server.close()
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 2000).unref()
    Promise.all([...organizations.values()].map((organization) => organization.close())).then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

function exitWith(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

main().catch((error: unknown) => {
  exitWith(
    error instanceof UnusableFile || error instanceof Error ? error.message : 'The record cannot start.',
  )
})
