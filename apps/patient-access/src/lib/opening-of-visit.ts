import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client/canonical'

import type { Visit } from './visit.ts'

/** A stored visit or hold as the opening it was made from, to ask for the same time again. */
export function openingOfVisit(visit: Visit): Appointment {
  const references = [
    visit.serviceId && `HealthcareService/${visit.serviceId}`,
    visit.clinicianId && `Practitioner/${visit.clinicianId}`,
    visit.siteId && `Location/${visit.siteId}`,
    visit.interpreter?.id && `Practitioner/${visit.interpreter.id}`,
  ]
  return {
    resourceType: 'Appointment',
    status: 'proposed',
    start: visit.startsAt,
    end: visit.endsAt,
    ...(visit.mode ? { extension: [{ url: EXTENSION.visitMode, valueCode: visit.mode }] } : {}),
    participant: references.flatMap((reference) =>
      reference ? [{ actor: { reference }, status: 'needs-action' as const }] : [],
    ),
  }
}
