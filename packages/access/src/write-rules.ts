import type { Resource, ResourceType, Schedule } from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client'

import type { Caller } from './caller.ts'
import { ALLOW, type Decision, forbidden, type Refused, unprocessable } from './decision.ts'
import { grantFor, type Grant } from './grants.ts'
import { checkOwnPatient, isElements } from './own-patient.ts'
import { isSame } from './same.ts'
import { fulfils } from './scope-conditions.ts'

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

const MOST_PROFILES = 20
const LONGEST_PROFILE = 500

function isProfileList(value: unknown): boolean {
  const isProfile = (one: unknown) => typeof one === 'string' && one.length <= LONGEST_PROFILE
  return Array.isArray(value) && value.length <= MOST_PROFILES && value.every(isProfile)
}

function checkMeta(
  { resourceType, meta: sent }: Resource,
  stored: Resource | undefined,
): Refused | undefined {
  const meta: unknown = sent
  if (meta === undefined) return undefined
  if (!isElements(meta)) return unprocessable('meta is one object', `${resourceType}.meta`)
  const { security, tag, profile } = meta
  if (security !== undefined && !isSame(security, stored?.meta?.security)) {
    return unprocessable('Security labels are not set by a client', 'meta.security')
  }
  if (tag !== undefined && !isSame(tag, stored?.meta?.tag)) {
    return unprocessable('Tags are not set by a client', 'meta.tag')
  }
  if (Object.hasOwn(meta, 'author')) {
    return unprocessable('The author is not set by a client', 'meta.author')
  }
  return profile === undefined || isProfileList(profile)
    ? undefined
    : unprocessable('Profiles are a short list of addresses', 'meta.profile')
}

/** Every revision that a calendar carries; what is no list of extensions is told apart from all of them. */
function revisionsOf(schedule: Resource | undefined): unknown {
  const extension: unknown = schedule?.resourceType === 'Schedule' ? schedule.extension : undefined
  if (extension === undefined) return []
  if (!Array.isArray(extension)) return extension
  return extension.filter((one) => isElements(one) && one.url === EXTENSION.calendarRevision)
}

/** A calendar is a lock: whose it is never changes, and its revision changes only with the time taken in it. */
function checkSchedule(
  caller: Caller,
  resource: Schedule,
  stored: Resource | undefined,
): Refused | undefined {
  if (!isSame(revisionsOf(resource), revisionsOf(stored))) {
    return unprocessable(
      'A calendar revision changes only through Appointment and Schedule operations',
      'Schedule.extension',
    )
  }
  if (stored?.resourceType !== 'Schedule') return undefined
  if (!isSame(resource.actor, stored.actor))
    return unprocessable('Whose calendar this is never changes', 'Schedule.actor')
  return isSame(resource.active, stored.active) || caller.roles.includes('administrator')
    ? undefined
    : unprocessable('Only an administrator opens and closes a calendar', 'Schedule.active')
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
  if (resource.resourceType === 'Schedule') return checkSchedule(caller, resource, stored)
  return grant.reach === 'people' ? checkOwnPatient(resource, stored) : undefined
}

/** A right with conditions reaches only what fulfils them, before and after; a deletion cannot be looked at. */
function isWithin({ conditions }: Grant, write: Write): boolean {
  if (conditions === undefined) return true
  if (write.kind === 'delete') return false
  const touched = write.kind === 'update' ? [write.stored, write.resource] : [write.resource]
  return touched.every(
    (resource) => resource === undefined || conditions.some((all) => fulfils(resource, all)),
  )
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
  if (!isWithin(grant, write)) return forbidden()
  if (write.kind === 'delete') return ALLOW
  const { resource } = write
  const metaRefused = resource && checkMeta(resource, write.kind === 'update' ? write.stored : undefined)
  if (metaRefused && (write.kind === 'create' || write.stored)) return metaRefused
  if (write.kind === 'update') return checkUpdate(caller, grant, write) ?? ALLOW
  const created = write.resource
  return (
    (created.resourceType === 'Schedule' ? checkSchedule(caller, created, undefined) : undefined) ?? ALLOW
  )
}
