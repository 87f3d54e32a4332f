'use client'
import { useToken } from '@openward/auth'
import { FhirClient } from '@openward/fhir-client'
import { browserTransport } from '@openward/fhir-client/browser'
import { useMemo } from 'react'
import { renewingTransport } from './renewing-transport.ts'

/** The FHIR client of the person signed in, over the BFF on this origin. Keeps its identity while the page lives. */
export function useFhirClient(): FhirClient {
  const token = useToken()
  return useMemo(() => {
    const transport = browserTransport({
      baseUrl: `${window.location.origin}/fhir`,
      token: () => token(),
    })
    return new FhirClient(renewingTransport(transport, () => token(true)))
  }, [token])
}
