import { FhirClient, fetchTransport } from '@openward/fhir-client'
import type { Appointment, Bundle, Parameters } from '@medplum/fhirtypes'

import { signIn } from '../sign-in.ts'
import type { System } from '../system/system.ts'

/** Straight to the record of the main organisation, for seeding and for counting what is stored. */
export function recordOf({ fhirBaseUrl, fhirToken }: System): FhirClient {
  const authorization: Record<string, string> = fhirToken ? { authorization: `Bearer ${fhirToken}` } : {}
  const baseUrl = fhirBaseUrl.replace('{organization}', 'openward')
  return new FhirClient(fetchTransport({ baseUrl, headers: () => authorization }), { timeoutMs: 120_000 })
}

/** Signs in as a person of the record; test systems have an account for each. */
export async function tokenOf({ origin }: System, role: string, person: string): Promise<string> {
  const { accessToken } = await signIn({ origin, username: `${role}~${person}~openward` })
  return accessToken
}

/** A booking operation over HTTP, as a portal calls it. */
export function ask(system: System, token: string, operation: string, body: Parameters): Promise<Response> {
  return fetch(`${system.origin}/fhir/Appointment/${operation}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify(body),
  })
}

type Question = { startMs: number; endMs: number; service: string; practitioner?: string; count?: number }

export function questionFor({ startMs, endMs, service, practitioner, count }: Question): Parameters {
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'start', valueDateTime: new Date(startMs).toISOString() },
      { name: 'end', valueDateTime: new Date(endMs).toISOString() },
      { name: 'service', valueReference: { reference: service } },
      ...(practitioner ? [{ name: 'practitioner', valueReference: { reference: practitioner } }] : []),
      ...(count ? [{ name: '_count', valueInteger: count }] : []),
    ],
  }
}

export async function openingsOf(system: System, token: string, question: Question): Promise<Appointment[]> {
  const answer = await ask(system, token, '$find', questionFor(question))
  const bundle = (await answer.json()) as Bundle
  return (bundle.entry ?? []).flatMap(({ resource }) =>
    resource?.resourceType === 'Appointment' ? [resource] : [],
  )
}

export function bookingOf(opening: Appointment, patient: string): Parameters {
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'appointment-resource', resource: opening },
      { name: 'patient-reference', valueReference: { reference: patient } },
    ],
  }
}
