import { keepCompiledCode, readEnv } from './env.ts'

/** Time for those who wait to be told that nothing was stored. */
const GOODBYE_MS = 250

async function main(): Promise<void> {
  const env = readEnv()
  keepCompiledCode()
  const [{ pino }, { startRecord }] = await Promise.all([import('pino'), import('./record.ts')])
  const log = pino({ level: env.logLevel, base: { app: 'record' } })
  const onStorageFailure = (reason: string) => {
    const sentence = sentenceOf(reason)
    setTimeout(() => exitWith(sentence), GOODBYE_MS)
  }
  const record = await startRecord({ ...env, log, onStorageFailure })
  log.info({ port: env.port, organizations: env.organizations }, 'record is ready')
  let isStopping = false
  const stop = () => {
    if (isStopping) return
    isStopping = true
    record.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

function sentenceOf(reason: string): string {
  if (/full/i.test(reason)) return 'The disk that holds the record is full.'
  if (/damaged|malformed/.test(reason))
    return 'The data file of the record is damaged: restore a backup (npm run restore).'
  return 'The data file of the record cannot be written any more.'
}

function exitWith(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

main().catch((error: unknown) => {
  const isPortTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  if (isPortTaken) exitWith('The port in RECORD_PORT is taken by another process.')
  exitWith(error instanceof Error ? error.message : 'The record cannot start.')
})
