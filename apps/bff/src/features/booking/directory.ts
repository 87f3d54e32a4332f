import type { HealthcareService, Location, Practitioner, PractitionerRole } from '@medplum/fhirtypes'
import { EXTENSION, listExtensions, referencedId, type RequestOptions, SYSTEM } from '@openward/fhir-client'
import {
  type Interval,
  outsidePeriod,
  type ServiceRules,
  serviceRulesFrom,
  type Site,
  siteFrom,
  type VisitMode,
  type WeeklyHours,
  workingHoursFrom,
} from '@openward/scheduling'

import type { OperationContext } from '#/lib/operation.ts'

import { NO_CACHE } from './calendars.ts'

type SiteEntry = { reference: string; display: string | undefined; location: Location; site: Site }
export type Staff = {
  practitioner: string
  display: string | undefined
  site: string | undefined
  hours: WeeklyHours[]
  visitModes: VisitMode[]
  languages: string[]
  /** Outside of it the role does not exist: time that is never open. */
  notInRole: Interval[]
}
export type Directory = {
  reference: string
  service: HealthcareService
  /** Undefined when the service is not active or its rules cannot be read: nothing can be booked then. */
  rules: ServiceRules | undefined
  clinicians: Staff[]
  interpreters: Staff[]
  sites: Map<string, SiteEntry>
  /** Rooms by site. */
  rooms: Map<string, { reference: string; display: string | undefined }[]>
}

const MAX_AGE_MS = 5_000
const MAX_CACHED = 500
const cache = new Map<string, { readAtMs: number; directory: Promise<Directory> }>()

function displayOf(practitioner: Practitioner | undefined): string | undefined {
  const name = practitioner?.name?.[0]
  if (name === undefined) return undefined
  return name.text ?? [...(name.prefix ?? []), ...(name.given ?? []), name.family].filter(Boolean).join(' ')
}

function staffFrom(
  roles: readonly PractitionerRole[],
  practitioners: ReadonlyMap<string, Practitioner>,
  modes: readonly VisitMode[],
  zoneOf: (site: string | undefined) => string,
): Staff[] {
  return roles.flatMap((role) => {
    const id = referencedId(role.practitioner, 'Practitioner')
    const hours = workingHoursFrom(role)
    if (role.active === false || id === undefined || !hours.ok) return []
    const practitioner = practitioners.get(id)
    if (practitioner?.active === false) return []
    const limited = listExtensions(role, EXTENSION.visitMode).map((extension) => extension.valueCode)
    return [
      {
        practitioner: `Practitioner/${id}`,
        display: displayOf(practitioner) ?? role.practitioner?.display,
        site: role.location?.[0]?.reference,
        hours: hours.value,
        visitModes: limited.length === 0 ? [...modes] : modes.filter((mode) => limited.includes(mode)),
        languages: (practitioner?.communication ?? []).flatMap((one) =>
          (one.coding ?? []).flatMap(({ code }) => (code === undefined ? [] : [code.toLowerCase()])),
        ),
        notInRole: outsidePeriod(role.period, zoneOf(role.location?.[0]?.reference)),
      },
    ]
  })
}

type RoleQuery = { service: string } | { role: string }

async function readRoles(
  context: OperationContext,
  query: RoleQuery,
  practitioner: string | undefined,
  options: RequestOptions,
) {
  const roles: PractitionerRole[] = []
  const practitioners = new Map<string, Practitioner>()
  const wanted = { ...query, ...(practitioner === undefined ? {} : { practitioner }), _count: 1000 }
  const include = ['PractitionerRole:practitioner'] as const
  for await (const page of context.fhir.pages(
    'PractitionerRole',
    { ...wanted, _include: include },
    options,
  )) {
    roles.push(...page.resources)
    for (const one of page.included) if (one.id !== undefined) practitioners.set(one.id, one)
  }
  return { roles, practitioners }
}

async function readPlaces(
  context: OperationContext,
  siteReferences: readonly string[],
  options: RequestOptions,
) {
  const sites: Directory['sites'] = new Map()
  const rooms: Directory['rooms'] = new Map()
  if (siteReferences.length === 0) return { sites, rooms }
  const ids = siteReferences.map((reference) => reference.slice('Location/'.length))
  const [locations, inside] = await Promise.all([
    context.fhir.searchAll('Location', { _id: ids.join(','), _count: 500 }, options),
    context.fhir.searchAll('Location', { partof: siteReferences.join(','), _count: 1000 }, options),
  ])
  for (const location of locations) {
    const read = siteFrom(location)
    if (!read.ok || location.status === 'inactive' || location.status === 'suspended') continue
    const reference = `Location/${location.id}`
    sites.set(reference, { reference, display: location.name, location, site: read.value })
  }
  for (const room of inside) {
    const site = room.partOf?.reference
    const isRoom = room.physicalType?.coding?.some(({ code }) => code === 'ro')
    if (site === undefined || isRoom !== true || (room.status ?? 'active') !== 'active') continue
    const known = rooms.get(site) ?? []
    rooms.set(site, [...known, { reference: `Location/${room.id}`, display: room.name }])
  }
  for (const list of rooms.values()) list.sort((a, b) => a.reference.localeCompare(b.reference))
  return { sites, rooms }
}

async function read(
  context: OperationContext,
  reference: string,
  practitioner: string | undefined,
  isFresh: boolean,
): Promise<Directory> {
  const options: RequestOptions = { signal: context.signal, ...(isFresh ? { headers: NO_CACHE } : {}) }
  const id = reference.slice('HealthcareService/'.length)
  const [services, offering, interpreting] = await Promise.all([
    context.fhir.searchAll('HealthcareService', { _id: id }, options),
    readRoles(context, { service: reference }, practitioner, options),
    readRoles(context, { role: `${SYSTEM.role}|interpreter` }, undefined, options),
  ])
  const [service] = services
  const rules = service && service.active !== false ? serviceRulesFrom(service) : undefined
  const modes = rules?.ok ? rules.value.visitModes : []
  const offeredAt = service?.location?.map((location) => location.reference) ?? []
  const atSites = offering.roles.filter(
    ({ location }) => offeredAt.length === 0 || offeredAt.includes(location?.[0]?.reference),
  )
  const siteReferences = [...new Set(atSites.flatMap(({ location }) => location?.[0]?.reference ?? []))]
  const places = await readPlaces(context, siteReferences, options)
  // who interprets everywhere does so by the clock of the first site
  const [somewhere] = places.sites.values()
  const zoneOf = (site: string | undefined) =>
    (places.sites.get(site ?? '') ?? somewhere)?.site.timeZone ?? 'UTC'
  const clinicians = staffFrom(atSites, offering.practitioners, modes, zoneOf)
  const interpreters = staffFrom(interpreting.roles, interpreting.practitioners, modes, zoneOf)
  return {
    reference,
    service: service ?? { resourceType: 'HealthcareService' },
    rules: rules?.ok ? rules.value : undefined,
    clinicians: clinicians.filter(({ site }) => site !== undefined && places.sites.has(site)),
    interpreters,
    ...places,
  }
}

const DIRECTORY_TYPES = ['HealthcareService', 'PractitionerRole', 'Practitioner', 'Location'] as const
/** Two clocks may differ by so much: what was written shortly before it was read is read again. */
const CLOCKS_DIFFER_MS = 2_000

/** Whether an administrator, through whichever process, has changed anything since: so that it shows at once. */
async function hasChangedSince(context: OperationContext, instantMs: number): Promise<boolean> {
  const since = `ge${new Date(instantMs - CLOCKS_DIFFER_MS).toISOString()}`
  const pages = await Promise.all(
    DIRECTORY_TYPES.map((type) =>
      context.fhir.search(
        type,
        { _lastUpdated: since, _elements: 'id', _count: 1 },
        { signal: context.signal, headers: NO_CACHE },
      ),
    ),
  )
  return pages.some(({ resources }) => resources.length > 0)
}

function keyOf(context: OperationContext, service: string, practitioner: string): string {
  return [context.fhir.baseUrl, context.caller.organization, service, practitioner].join(' ')
}

function remembered(key: string) {
  const cached = cache.get(key)
  return cached !== undefined && Date.now() - cached.readAtMs < MAX_AGE_MS ? cached : undefined
}

function readAndRemember(
  context: OperationContext,
  key: string,
  service: string,
  practitioner?: string,
): Promise<Directory> {
  // shared by everybody who asks meanwhile, so that one of them going away must not end it
  const directory = read({ ...context, signal: AbortSignal.timeout(15_000) }, service, practitioner, false)
  cache.delete(key)
  cache.set(key, { readAtMs: Date.now(), directory })
  directory.catch(() => cache.delete(key))
  for (const oldest of cache.keys()) {
    if (cache.size <= MAX_CACHED) break
    cache.delete(oldest)
  }
  return directory
}

/** Who offers a service, where and when, for looking around. Remembered for five seconds while nothing of it is written; what is deleted may show so long. */
export async function readDirectory(context: OperationContext, service: string): Promise<Directory> {
  const key = keyOf(context, service, '')
  const cached = remembered(key)
  if (cached !== undefined && !(await hasChangedSince(context, cached.readAtMs))) return cached.directory
  return readAndRemember(context, key, service)
}

/** For one clinician, up to five seconds old: to know whose calendars to read before deciding. */
export function readRecentDirectory(
  context: OperationContext,
  service: string,
  practitioner: string,
): Promise<Directory> {
  const key = keyOf(context, service, practitioner)
  return remembered(key)?.directory ?? readAndRemember(context, key, service, practitioner)
}

/** The same as it is stored now, for deciding: read it after the calendars, whose versions every closure changes. */
export function readDirectoryNow(
  context: OperationContext,
  service: string,
  practitioner: string,
): Promise<Directory> {
  return read(context, service, practitioner, true)
}
