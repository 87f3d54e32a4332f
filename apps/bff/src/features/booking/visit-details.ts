import type { Appointment, Extension } from '@medplum/fhirtypes'
import { EXTENSION, withExtension } from '@openward/fhir-client'
import type { BookInput } from '@openward/scheduling'

/** What the person said about the visit; what they left out stays as it is. */
export function withDetails<T extends Appointment>(appointment: T, input: BookInput): T {
  const said: [string, Omit<Extension, 'url'> | undefined][] = [
    [EXTENSION.contactPhone, input.contactPhone ? { valueString: input.contactPhone } : undefined],
    [
      EXTENSION.interpreterLanguage,
      input.interpreterLanguage ? { valueCode: input.interpreterLanguage } : undefined,
    ],
    [EXTENSION.accessNeeds, input.accessNeeds ? { valueString: input.accessNeeds } : undefined],
    [EXTENSION.overrideReason, input.overrideReason ? { valueString: input.overrideReason } : undefined],
  ]
  let detailed: T = {
    ...appointment,
    ...(input.reason ? { reasonCode: [{ text: input.reason }] } : {}),
    ...(input.comment ? { comment: input.comment } : {}),
  }
  for (const [url, value] of said) if (value !== undefined) detailed = withExtension(detailed, url, value)
  return detailed
}
