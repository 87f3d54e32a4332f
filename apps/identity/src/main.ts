import { pino } from 'pino'
import { readEnv } from '#/env.ts'
import { createIdentity } from '#/server.ts'

const env = readEnv()
const log = pino({ name: 'identity', level: env.logLevel })
const identity = await createIdentity(env, log)
identity.server.listen(env.port, '127.0.0.1', () => {
  log.info(
    { port: env.port, issuer: env.issuer, hasTestAccounts: env.hasTestAccounts },
    'identity is listening',
  )
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    // a connection that stays open must not keep the process
    setTimeout(() => process.exit(0), 3_000).unref()
    void identity.close().then(() => process.exit(0))
  })
}
