import type { Appointment, HealthcareService, Location, Practitioner, Resource } from '@medplum/fhirtypes'
import { EXTENSION, getExtension, parseReference, type Versioned } from '@openward/fhir-client'

/** An Appointment with the people and places it names, as screens need it. */
export type Visit = {
  id: string
  versionId: string
  status: Appointment['status']
  /** Instants with the site's offset. */
  startsAt: string
  endsAt: string
  durationMinutes: number | undefined
  /** IANA zone of the site. */
  timeZone: string
  mode: 'in-person' | 'video' | undefined
  patientId: string | undefined
  service: HealthcareService | undefined
  serviceId: string | undefined
  /** What was booked, in the record's own words; for services that are no longer offered. */
  serviceText: string | undefined
  clinician: Practitioner | undefined
  clinicianId: string | undefined
  interpreter: Practitioner | undefined
  site: Location | undefined
  siteId: string | undefined
  room: Location | undefined
  heldUntil: string | undefined
  /** The visit that this hold is going to move. */
  replacesId: string | undefined
  seriesId: string | undefined
  cancelledBy: 'patient' | 'proxy' | 'clinic' | undefined
  cancelReason: string | undefined
  reason: string | undefined
  comment: string | undefined
  contactPhone: string | undefined
  interpreterLanguage: string | undefined
  accessNeeds: string | undefined
}

/** What a person is told about a visit. `over` is a booked visit whose time has passed without a word from the clinic. */
export type VisitState =
  | 'held'
  | 'hold-expired'
  | 'requested'
  | 'booked'
  | 'checked-in'
  | 'over'
  | 'took-place'
  | 'missed'
  | 'cancelled'

const UNKNOWN_ZONE = 'UTC'
const CANCELLERS = ['patient', 'proxy', 'clinic'] as const

/** Resources by their relative reference, to look up participants. */
export function byReference(resources: readonly Resource[]): Map<string, Resource> {
  return new Map(resources.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]))
}

type Named = { ids: string[]; known: Resource[] }

function namedOf(appointment: Appointment, type: string, known: ReadonlyMap<string, Resource>): Named {
  const ids: string[] = []
  const resources: Resource[] = []
  for (const { actor } of appointment.participant) {
    const parsed = parseReference(actor?.reference)
    if (parsed?.type !== type) continue
    ids.push(parsed.id)
    const resource = known.get(`${type}/${parsed.id}`)
    if (resource) resources.push(resource)
  }
  return { ids, known: resources }
}

function withId<T extends Resource>(resources: readonly Resource[], id: string | undefined): T | undefined {
  return resources.find((resource) => resource.id === id) as T | undefined
}

/** The zone a site keeps time by, or undefined when it does not say. */
export function siteZone(site: Location | undefined): string | undefined {
  return getExtension(site, EXTENSION.siteTimeZone)?.valueCode
}

function interpreterIdOf(appointment: Appointment): string | undefined {
  const participant = appointment.participant.find(({ type }) =>
    type?.some((concept) => concept.coding?.some(({ code }) => code === 'interpreter')),
  )
  return parseReference(participant?.actor?.reference)?.id
}

/** Reads an Appointment; `known` are the resources that came along with it. */
export function visitFrom(
  appointment: Versioned<Appointment> | Appointment,
  known: ReadonlyMap<string, Resource>,
): Visit {
  const extension = (url: string) => getExtension(appointment, url)
  const services = namedOf(appointment, 'HealthcareService', known)
  const places = namedOf(appointment, 'Location', known)
  const practitioners = namedOf(appointment, 'Practitioner', known)
  const interpreterId = interpreterIdOf(appointment)
  const clinicianId = practitioners.ids.find((id) => id !== interpreterId)
  const site = withId<Location>(places.known, places.ids[0])
  const mode = extension(EXTENSION.visitMode)?.valueCode
  const cancelledBy = extension(EXTENSION.cancelledBy)?.valueCode
  const series = extension(EXTENSION.series)?.valueIdentifier
  return {
    id: appointment.id ?? '',
    versionId: appointment.meta?.versionId ?? '',
    status: appointment.status,
    startsAt: appointment.start ?? '',
    endsAt: appointment.end ?? '',
    durationMinutes: appointment.minutesDuration,
    timeZone: extension(EXTENSION.timeZone)?.valueCode ?? siteZone(site) ?? UNKNOWN_ZONE,
    mode: mode === 'video' || mode === 'in-person' ? mode : undefined,
    patientId: namedOf(appointment, 'Patient', known).ids[0],
    service: withId<HealthcareService>(services.known, services.ids[0]),
    serviceId: services.ids[0],
    serviceText: appointment.serviceType?.[0]?.text ?? appointment.serviceType?.[0]?.coding?.[0]?.display,
    clinician: withId<Practitioner>(practitioners.known, clinicianId),
    clinicianId,
    interpreter: withId<Practitioner>(practitioners.known, interpreterId),
    site,
    siteId: places.ids[0],
    room: withId<Location>(places.known, places.ids[1]),
    heldUntil: extension(EXTENSION.heldUntil)?.valueInstant,
    replacesId: parseReference(extension(EXTENSION.replaces)?.valueReference?.reference)?.id,
    seriesId: series?.value,
    cancelledBy: CANCELLERS.find((one) => one === cancelledBy),
    cancelReason: appointment.cancelationReason?.coding?.[0]?.code,
    reason: appointment.reasonCode?.[0]?.text,
    comment: appointment.comment,
    contactPhone: extension(EXTENSION.contactPhone)?.valueString,
    interpreterLanguage: extension(EXTENSION.interpreterLanguage)?.valueCode,
    accessNeeds: extension(EXTENSION.accessNeeds)?.valueString,
  }
}

/** The state as it is stored, read at `now` (epoch milliseconds). */
export function visitState(visit: Visit, now: number): VisitState {
  const isOver = Date.parse(visit.endsAt) <= now
  switch (visit.status) {
    case 'pending':
      if (visit.heldUntil === undefined) return 'requested'
      return Date.parse(visit.heldUntil) > now ? 'held' : 'hold-expired'
    case 'proposed':
    case 'waitlist':
      return 'requested'
    case 'booked':
      return isOver ? 'over' : 'booked'
    case 'arrived':
    case 'checked-in':
      return isOver ? 'took-place' : 'checked-in'
    case 'fulfilled':
      return 'took-place'
    case 'noshow':
      return 'missed'
    case 'cancelled':
    case 'entered-in-error':
      // A hold that ran out is cleared away by whoever takes the time: nobody cancelled a visit.
      return visit.heldUntil !== undefined && visit.cancelledBy === undefined ? 'hold-expired' : 'cancelled'
  }
}

/** Whether the person can still move or cancel it. */
export function isChangeable(visit: Visit, now: number): boolean {
  return visit.status === 'booked' && Date.parse(visit.startsAt) > now
}
