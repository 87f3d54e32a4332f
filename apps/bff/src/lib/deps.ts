import type { Caller } from '@openward/access'
import type { Logger } from 'pino'

import type { Env } from '#/env.ts'
import type { AuditSpool } from './audit-spool.ts'
import type { CursorSeal } from './cursor.ts'
import type { FailedSignIns } from './failed-sign-ins.ts'
import type { FhirBases } from './fhir-base.ts'
import type { Limits } from './limits.ts'
import type { Identity, TokenCheck } from './token.ts'

/** What is made once per process and used by every request. */
export type Deps = {
  env: Env
  log: Logger
  now: () => number
  bases: FhirBases
  spool: AuditSpool
  seal: CursorSeal
  limits: Limits
  failedSignIns: FailedSignIns
  checkToken: TokenCheck
  callerOf: (identity: Identity, correlationId: string) => Promise<Caller>
}
