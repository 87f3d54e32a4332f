import type { CommunicationRequest } from '@medplum/fhirtypes'
import { SYSTEM } from '@openward/fhir-client'

export type NoticeKind = 'booked' | 'moved' | 'cancelled'

/** What outreach sends to the person: that something changed, not what. */
export function noticeOf(
  kind: NoticeKind,
  appointment: string,
  patient: string,
  now: number,
): CommunicationRequest {
  return {
    resourceType: 'CommunicationRequest',
    status: 'active',
    category: [{ coding: [{ system: SYSTEM.communicationCategory, code: `appointment-${kind}` }] }],
    subject: { reference: patient },
    about: [{ reference: appointment }],
    authoredOn: new Date(now).toISOString(),
  }
}
