import { FhirError } from '@openward/fhir-client'
import { type Logger, pino } from 'pino'

/** Errors without their sentences, which may quote what a person typed: kind, code, and where it happened. */
function errorForLog(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error }
  const { code } = error as { code?: unknown }
  const at = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
  const cause = error.cause === undefined ? {} : { cause: errorForLog(error.cause) }
  const message = error instanceof FhirError ? { message: error.message } : {}
  return { kind: error.name, code, ...message, at, ...cause }
}

/** JSON lines on standard output. Bodies, addresses with their queries, and tokens never enter them. */
export function createLog(level: string): Logger {
  return pino({
    level,
    base: { service: 'bff' },
    redact: ['authorization', 'headers.authorization', 'req.headers', '*.token'],
    serializers: { err: errorForLog, error: errorForLog, req: () => undefined, res: () => undefined },
  })
}
