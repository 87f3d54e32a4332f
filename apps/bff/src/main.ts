import { type App, buildApp } from './app.ts'
import { type Env, readEnv } from './env.ts'
import { createLog } from './lib/log.ts'

const GIVE_UP_MS = 15_000

function requireEnv(): Env {
  try {
    return readEnv()
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exit(1)
  }
}

const env = requireEnv()
const log = createLog(env.LOG_LEVEL)

/** Answers what has begun, hands over the audit, and leaves. */
function stopOn(app: App): void {
  let isStopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) return
      isStopping = true
      setTimeout(() => process.exit(1), GIVE_UP_MS).unref()
      app.close().then(
        () => process.exit(0),
        (err: unknown) => {
          log.error({ err }, 'stopped uncleanly')
          process.exit(1)
        },
      )
    })
  }
}

try {
  const app = await buildApp({ env, log })
  stopOn(app)
  const address = await app.server.listen({ port: env.PORT, host: env.HOST })
  log.info({ address }, 'listening')
} catch (error) {
  const { code } = error as NodeJS.ErrnoException
  const words =
    code === 'EADDRINUSE'
      ? `PORT: ${env.PORT} is taken by another program`
      : `The BFF could not start (${code ?? 'unknown reason'})`
  log.fatal({ err: error }, words)
  process.stderr.write(`${words}\n`)
  process.exit(1)
}
