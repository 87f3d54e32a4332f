import { FhirClient, FhirError, fetchTransport } from '@openward/fhir-client'
import { type ConformanceVerdict, verdictToBasic } from '@openward/fhir-client/conformance'

import { Failure } from '../system/failure.ts'

/** Keeps the verdict in the server that it is about, in place of an earlier one of the same version. Gives its address. */
export async function saveVerdict(
  { baseUrl, headers }: { baseUrl: string; headers: Record<string, string> },
  verdict: ConformanceVerdict,
): Promise<string> {
  const basic = verdictToBasic(verdict)
  const path = `Basic/${basic.id}`
  const client = new FhirClient(fetchTransport({ baseUrl, headers: () => headers }))
  try {
    await client.send({
      method: 'PUT',
      path,
      body: JSON.stringify(basic),
      resourceType: 'Basic',
      options: {},
      repeatable: true,
    })
  } catch (error) {
    if (!(error instanceof FhirError)) throw error
    throw new Failure(`The verdict could not be saved as ${path} (status ${error.status}).`)
  }
  return path
}
