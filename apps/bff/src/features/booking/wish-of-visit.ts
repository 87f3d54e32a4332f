import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'

import { participantsOfType, patientOf, siteOf } from './visit-state.ts'
import type { Wish } from './wish.ts'

/** The wish that leads to a stored visit or hold; undefined for one that was not made by booking here. */
export function wishOfVisit(visit: Appointment): Wish | undefined {
  const [service] = participantsOfType(visit, 'HealthcareService')
  const [practitioner] = participantsOfType(visit, 'Practitioner')
  const patient = patientOf(visit)
  const startMs = Date.parse(visit.start ?? '')
  if (service === undefined || practitioner === undefined || patient === undefined || Number.isNaN(startMs))
    return undefined
  const visitMode = getExtension(visit, EXTENSION.visitMode)?.valueCode
  return {
    service,
    practitioner,
    patient,
    site: siteOf(visit),
    startsMs: [startMs],
    visitMode: visitMode === 'in-person' || visitMode === 'video' ? visitMode : undefined,
    preferred: visit.participant.flatMap(({ actor }) =>
      actor?.reference === undefined ? [] : [actor.reference],
    ),
  }
}
