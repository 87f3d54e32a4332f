import { FhirClient, fetchTransport } from '@openward/fhir-client'

import type { Env } from '#/env.ts'
import { Refusal } from './refusal.ts'

const PLACEHOLDER = '{organization}'

export type FhirBases = {
  /** A client for exactly one organisation; refused for one that this install does not serve. */
  clientFor: (organization: string, correlationId: string) => FhirClient
  /** Whether the record of the install's own organisation answers. */
  isReachable: () => Promise<boolean>
}

/** Gives the FHIR base of an organisation. There is no way to get a client over two. */
export function createFhirBases(env: Env): FhirBases {
  const { FHIR_BASE_URL: template, FHIR_AUTH, FHIR_TOKEN, FHIR_ORGANIZATION } = env
  const authorization: Record<string, string> =
    FHIR_AUTH === 'bearer' && FHIR_TOKEN ? { authorization: `Bearer ${FHIR_TOKEN}` } : {}
  function clientFor(organization: string, correlationId: string): FhirClient {
    if (!template.includes(PLACEHOLDER) && organization !== FHIR_ORGANIZATION) {
      throw new Refusal(403, 'forbidden', 'This organization is not served here')
    }
    const baseUrl = template.replace(PLACEHOLDER, encodeURIComponent(organization))
    const headers = { ...authorization, 'x-correlation-id': correlationId }
    return new FhirClient(fetchTransport({ baseUrl, headers: () => headers }))
  }
  async function isReachable(): Promise<boolean> {
    try {
      await clientFor(FHIR_ORGANIZATION, 'ready').capabilities({ timeoutMs: 3000 })
      return true
    } catch {
      return false
    }
  }
  return { clientFor, isReachable }
}
