import type { FhirTransport } from '@openward/fhir-client'

/**
 * Repeats a request once, with a fresh token, when the answer is 401: nothing has happened by then. `renew` leaves the
 * page to sign in where a fresh token cannot be had without the person.
 */
export function renewingTransport(transport: FhirTransport, renew: () => Promise<unknown>): FhirTransport {
  return {
    baseUrl: transport.baseUrl,
    async send(request) {
      const answer = await transport.send(request)
      if (answer.status !== 401) return answer
      await renew()
      return transport.send(request)
    },
  }
}
