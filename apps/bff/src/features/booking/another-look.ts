import { FhirError } from '@openward/fhir-client'

/** Somebody else changed what this change stands on, or nobody knows whether it was stored: both are found out by looking again. */
export function isWorthAnotherLook(error: unknown): boolean {
  if (!(error instanceof FhirError)) return false
  switch (error.code) {
    case 'conflict':
    case 'precondition-failed':
    case 'not-found':
    case 'gone':
    case 'timeout':
    case 'unavailable':
    case 'throttled':
      return true
    default:
      return false
  }
}
