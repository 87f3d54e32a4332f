import { bookingOperations } from '#/features/booking/operations.ts'
import { whoami } from '#/features/whoami/whoami.ts'
import type { Operation } from '#/lib/operation.ts'

/** The operation table: routing, the CapabilityStatement and access are made from it. */
export const OPERATIONS: readonly Operation[] = [...bookingOperations, whoami]
