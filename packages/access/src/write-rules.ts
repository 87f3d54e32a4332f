import type { HumanName, Patient, Resource, ResourceType } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'

import type { Caller } from './caller.ts'
import { ALLOW, type Decision, forbidden, type Refused, unprocessable } from './decision.ts'
import { grantFor, type Grant } from './grants.ts'
import { isSame } from './same.ts'

const OWN_PATIENT_FIELDS: ReadonlySet<string> = new Set([
  'telecom',
  'address',
  'communication',
  'name',
  'meta',
])
const PREFERRED_USES: ReadonlySet<string | undefined> = new Set(['usual', 'nickname'])

const BY_OPERATION: Partial<Record<ResourceType, string>> = {
  Appointment:
    'Visits change only through Appointment/$hold, $book, $series, $reschedule, $cancel and $release',
  Slot: 'Time is taken and freed only through Appointment/$book and $cancel, or Schedule/$block and $unblock',
}

const UNWRITABLE: ReadonlySet<ResourceType> = new Set(['AuditEvent', 'Provenance'])

/** A write as access sees it. `stored` is absent while only the right on the type is asked. */
export type Write =
  | { kind: 'create'; type: ResourceType; resource: Resource }
  | { kind: 'update'; type: ResourceType; id: string; resource?: Resource; stored?: Resource }
  | { kind: 'delete'; type: ResourceType; id: string }

function checkMeta(resource: Resource, stored: Resource | undefined): Refused | undefined {
  const { security, tag } = resource.meta ?? {}
  if (security !== undefined && !isSame(security, stored?.meta?.security)) {
    return unprocessable('Security labels are not set by a client', 'meta.security')
  }
  if (tag !== undefined && !isSame(tag, stored?.meta?.tag)) {
    return unprocessable('Tags are not set by a client', 'meta.tag')
  }
  if (resource.meta && 'author' in resource.meta) {
    return unprocessable('The author is not set by a client', 'meta.author')
  }
  return undefined
}

function officialNames(patient: Patient): HumanName[] {
  return (patient.name ?? []).filter(({ use }) => !PREFERRED_USES.has(use))
}

function checkOwnPatient(resource: Resource, stored: Resource): Refused | undefined {
  if (resource.resourceType !== 'Patient' || stored.resourceType !== 'Patient') return forbidden()
  const fields = new Set([...Object.keys(resource), ...Object.keys(stored)]) as Set<keyof Patient>
  for (const field of fields) {
    if (!OWN_PATIENT_FIELDS.has(field) && !isSame(resource[field], stored[field])) {
      const known = field in stored ? field : 'id'
      return unprocessable(
        'You may change your phone, address, languages and preferred name only',
        `Patient.${known}`,
      )
    }
  }
  return isSame(officialNames(resource), officialNames(stored))
    ? undefined
    : unprocessable('Of your names, only the preferred one may be changed here', 'Patient.name')
}

function checkSchedule(resource: Resource, stored: Resource): Refused | undefined {
  const revision = (one: Resource) =>
    one.resourceType === 'Schedule' ? getExtension(one, EXTENSION.calendarRevision) : undefined
  return isSame(revision(resource), revision(stored))
    ? undefined
    : unprocessable(
        'A calendar revision changes only through Appointment and Schedule operations',
        'Schedule.extension',
      )
}

function isSelf(caller: Caller, id: string): boolean {
  return caller.people.some(({ patientId, relationship }) => patientId === id && relationship === 'self')
}

function checkUpdate(
  caller: Caller,
  grant: Grant,
  write: Extract<Write, { kind: 'update' }>,
): Refused | undefined {
  if (grant.reach === 'people' && !isSelf(caller, write.id))
    return forbidden('You may change only your own details')
  const { resource, stored } = write
  if (!resource || !stored) return undefined
  if (resource.resourceType === 'Schedule') return checkSchedule(resource, stored)
  return grant.reach === 'people' ? checkOwnPatient(resource, stored) : undefined
}

/**
 * Decides a plain write. Visits, taken time and calendar revisions are 422 for every role, with the operation to use:
 * they change only under the calendar lock.
 */
export function decideWrite(caller: Caller, write: Write): Decision {
  const operation = BY_OPERATION[write.type]
  if (operation) return unprocessable(operation, write.type)
  if (UNWRITABLE.has(write.type))
    return forbidden('What happened is recorded by the system and never changed')
  const grant = grantFor(
    caller,
    write.type,
    write.kind === 'create' ? 'c' : write.kind === 'update' ? 'u' : 'd',
  )
  if (!grant) return forbidden()
  if (grant.reach === 'people' && write.kind !== 'update') return forbidden()
  if (write.kind === 'delete') return ALLOW
  const { resource } = write
  const metaRefused = resource && checkMeta(resource, write.kind === 'update' ? write.stored : undefined)
  if (metaRefused && (write.kind === 'create' || write.stored)) return metaRefused
  return (write.kind === 'update' ? checkUpdate(caller, grant, write) : undefined) ?? ALLOW
}
