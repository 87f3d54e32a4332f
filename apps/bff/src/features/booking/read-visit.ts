import type { Appointment } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'

import type { OperationContext } from '#/lib/operation.ts'

import { NO_CACHE } from './calendars.ts'
import { actingInVisit } from './permission.ts'

/** An Appointment as stored now; undefined alike when there is none and when the caller may not see it. */
export async function readVisit(
  context: OperationContext,
  reference: string,
): Promise<Versioned<Appointment> | undefined> {
  const id = reference.slice(reference.indexOf('/') + 1)
  const [found] = await context.fhir.searchAll(
    'Appointment',
    { _id: id },
    { signal: context.signal, headers: NO_CACHE },
  )
  return found !== undefined && actingInVisit(context.caller, found) !== undefined ? found : undefined
}
