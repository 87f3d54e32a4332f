import type { Resource } from '@medplum/fhirtypes'

/** Whether a body is some FHIR resource. */
export function isResource(body: unknown): body is Resource {
  return typeof body === 'object' && body !== null && 'resourceType' in body
}

/** An id as one path segment. */
export function segment(id: string): string {
  return encodeURIComponent(id)
}

/** Waits, unless the signal ends the wait with its reason. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(signal.reason)
      },
      { once: true },
    )
  })
}
