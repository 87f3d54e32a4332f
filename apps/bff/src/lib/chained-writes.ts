import type { AuditEvent, Bundle } from '@medplum/fhirtypes'
import type { FhirRequest, FhirResponse, FhirTransport } from '@openward/fhir-client'

import { isUnsettled } from './audit-chain.ts'
import type { AuditSpool } from './audit-spool.ts'

/** An AuditEvent under the id by which it will be stored. */
export type StorableEvent = AuditEvent & { id: string }

export type ChainedWrites = {
  transport: FhirTransport
  /** Takes an event that a transaction of this session will store. */
  remember: (event: StorableEvent) => StorableEvent
}

const STORED_AS = /([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/
const STORED_EVENT = /"url":"AuditEvent\/([0-9a-f-]{36})"/g

function eventIdsIn({ method, path, body }: FhirRequest): string[] {
  if (method !== 'POST' || path !== '' || body === undefined) return []
  return [...body.matchAll(STORED_EVENT)].map((match) => match[1] ?? '')
}

/** The event with the references that the server put in place of the `urn:uuid:` of what was created. */
function settledBy(event: StorableEvent, { body = '' }: FhirRequest, response: FhirResponse): StorableEvent {
  const sent = (JSON.parse(body) as Bundle).entry ?? []
  const answered = (response.body as Bundle | undefined)?.entry ?? []
  const named = new Map(
    sent.flatMap(({ fullUrl }, index) => {
      const [, reference] = STORED_AS.exec(answered[index]?.response?.location ?? '') ?? []
      return fullUrl && reference ? [[fullUrl, reference] as const] : []
    }),
  )
  const entity = event.entity?.map((one) => {
    const reference = named.get(one.what?.reference ?? '')
    return reference === undefined ? one : { ...one, what: { ...one.what, reference } }
  })
  return { ...event, ...(entity ? { entity } : {}) }
}

/**
 * Puts the events that transactions store into the spool's chain before they are sent, and says of each that was refused
 * that it is void. What became of one that got no answer is asked later, by `AuditSpool.doubt`.
 */
export function chainedWrites(
  transport: FhirTransport,
  spool: AuditSpool,
  organization: string,
): ChainedWrites {
  const remembered = new Map<string, StorableEvent>()

  async function send(request: FhirRequest): Promise<FhirResponse> {
    const events = eventIdsIn(request).flatMap((id) => remembered.get(id) ?? [])
    if (events.length === 0) return transport.send(request)
    for (const { id } of events) remembered.delete(id)
    await Promise.all(events.map((event) => spool.intend({ organization, event })))
    let response: FhirResponse
    try {
      response = await transport.send(request)
    } catch (error) {
      for (const { id } of events) spool.doubt({ organization, id })
      throw error
    }
    await Promise.all(events.map((event) => conclude(event, request, response)))
    return response
  }

  async function conclude(event: StorableEvent, request: FhirRequest, response: FhirResponse): Promise<void> {
    const { id } = event
    if (response.status >= 500) return spool.doubt({ organization, id })
    if (response.status >= 400) return spool.annul(organization, id)
    if (!isUnsettled(event)) return spool.confirm(id)
    const settled = settledBy(event, request, response)
    return isUnsettled(settled)
      ? spool.doubt({ organization, id })
      : spool.settle({ organization, event: settled })
  }

  return {
    transport: {
      get baseUrl() {
        return transport.baseUrl
      },
      send,
    },
    remember: (event) => {
      remembered.set(event.id, event)
      return event
    },
  }
}
