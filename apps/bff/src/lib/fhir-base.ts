import { FhirClient, type FhirTransport, fetchTransport } from '@openward/fhir-client'

import type { Env } from '#/env.ts'
import { Refusal } from './refusal.ts'

const PLACEHOLDER = '{organization}'

export type FhirBases = {
  /** What carries requests to exactly one organisation; refused for one that this install does not serve. */
  transportFor: (organization: string, correlationId: string) => FhirTransport
  /** A client over that. */
  clientFor: (organization: string, correlationId: string) => FhirClient
  /** Whether the record of the install's own organisation answers. */
  isReachable: () => Promise<boolean>
}

/** Gives the FHIR base of an organisation. There is no way to get a client over two. */
export function createFhirBases(env: Env): FhirBases {
  const { FHIR_BASE_URL: template, FHIR_AUTH, FHIR_TOKEN, FHIR_ORGANIZATION } = env
  const authorization: Record<string, string> =
    FHIR_AUTH === 'bearer' && FHIR_TOKEN ? { authorization: `Bearer ${FHIR_TOKEN}` } : {}
  function transportFor(organization: string, correlationId: string): FhirTransport {
    if (!template.includes(PLACEHOLDER) && organization !== FHIR_ORGANIZATION) {
      throw new Refusal(403, 'forbidden', 'This organization is not served here')
    }
    const baseUrl = template.replace(PLACEHOLDER, encodeURIComponent(organization))
    const headers = { ...authorization, 'x-correlation-id': correlationId }
    return fetchTransport({ baseUrl, headers: () => headers })
  }
  const clientFor = (organization: string, correlationId: string) =>
    new FhirClient(transportFor(organization, correlationId))
  async function isReachable(): Promise<boolean> {
    try {
      await clientFor(FHIR_ORGANIZATION, 'ready').capabilities({ timeoutMs: 3000 })
      return true
    } catch {
      return false
    }
  }
  return { transportFor, clientFor, isReachable }
}
