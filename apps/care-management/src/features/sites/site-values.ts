import type { ContactPoint, Location } from '@medplum/fhirtypes'
import { EXTENSION, getExtension, SYSTEM } from '@openward/fhir-client'
import { problemsOfSite, type Site, siteFrom, withSite } from '@openward/scheduling'
import { type FieldProblem, requireText } from '#/lib/field-problems.ts'
import { EMPTY_WEEK, hoursFrom, problemsOfWeek, weekFrom, type WeekHours } from '#/lib/hours.ts'

/** A site as an administrator edits it; closures are not part of it, they are made under the calendar lock. */
export type SiteValues = {
  name: string
  line: string
  city: string
  state: string
  postalCode: string
  country: string
  phone: string
  timeZone: string
  hours: WeekHours
  isActive: boolean
}

const NEW_SITE: SiteValues = {
  name: '',
  line: '',
  city: '',
  state: '',
  postalCode: '',
  country: 'US',
  phone: '',
  timeZone: '',
  hours: EMPTY_WEEK,
  isActive: true,
}

export function timeZoneOf(location: Location): string {
  return getExtension(location, EXTENSION.siteTimeZone)?.valueCode ?? ''
}

/** What of a site decides its times, as far as it can be read: a site without a zone still shows its hours. */
export function readableSite(location: Location): Site {
  const read = siteFrom(location)
  if (read.ok) return read.value
  const inUtc = siteFrom({ ...location, extension: [{ url: EXTENSION.siteTimeZone, valueCode: 'UTC' }] })
  return { timeZone: timeZoneOf(location), hours: inUtc.ok ? inUtc.value.hours : [], closures: [] }
}

export function siteValuesFrom(location: Location | undefined): SiteValues {
  if (!location) return NEW_SITE
  const { address } = location
  const site = readableSite(location)
  return {
    name: location.name ?? '',
    line: (address?.line ?? []).join(', '),
    city: address?.city ?? '',
    state: address?.state ?? '',
    postalCode: address?.postalCode ?? '',
    country: address?.country ?? '',
    phone: location.telecom?.find(({ system }) => system === 'phone')?.value ?? '',
    timeZone: site.timeZone,
    hours: weekFrom(site.hours),
    isActive: location.status !== 'inactive',
  }
}

function withoutEmpty<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== '')) as Partial<T>
}

/** The phone replaced, every other way to reach the place kept. */
function telecomOf(location: Location, phone: string): ContactPoint[] {
  const all = location.telecom ?? []
  const old = all.find(({ system }) => system === 'phone')
  const others = all.filter((one) => one !== old)
  return phone === '' ? others : [{ use: 'work', ...old, system: 'phone', value: phone }, ...others]
}

export function problemsOfSiteValues(values: SiteValues): FieldProblem[] {
  const zone = problemsOfSite({ timeZone: values.timeZone, hours: [], closures: [] }).map(({ code }) => ({
    name: 'timeZone',
    code,
  }))
  const hours = problemsOfWeek(values.hours).length > 0 ? [{ name: 'hours', code: 'hours' }] : []
  return [
    ...requireText('name', values.name),
    ...requireText('line', values.line),
    ...requireText('city', values.city),
    ...zone,
    ...hours,
  ]
}

/** The Location with these values, everything else of it kept, closures above all. */
export function withSiteValues<T extends Location>(location: T, values: SiteValues): T {
  const { address: oldAddress, telecom: _telecom, ...rest } = location
  const address = {
    ...withoutEmpty({
      city: values.city.trim(),
      state: values.state.trim(),
      postalCode: values.postalCode.trim(),
      country: values.country.trim(),
    }),
    ...(oldAddress?.use ? { use: oldAddress.use } : {}),
    line: [values.line.trim()],
  }
  const telecom = telecomOf(location, values.phone.trim())
  const described = {
    ...rest,
    name: values.name.trim(),
    status: values.isActive ? 'active' : 'inactive',
    address,
    ...(telecom.length > 0 ? { telecom } : {}),
  } as T
  const { closures } = readableSite(location)
  return withSite(described, { timeZone: values.timeZone, hours: hoursFrom(values.hours), closures }) as T
}

/** A site that does not exist yet. */
export function newSite(organizationId: string): Location {
  return {
    resourceType: 'Location',
    mode: 'instance',
    physicalType: {
      coding: [{ system: SYSTEM.locationPhysicalType, code: 'si', display: 'Site' }],
      text: 'Site',
    },
    managingOrganization: { reference: `Organization/${organizationId}` },
  }
}

/** A room at a site. Its calendar is made when it is first booked. */
export function newRoom(siteId: string, organizationId: string, name: string): Location {
  return {
    resourceType: 'Location',
    status: 'active',
    mode: 'instance',
    name: name.trim(),
    physicalType: {
      coding: [{ system: SYSTEM.locationPhysicalType, code: 'ro', display: 'Room' }],
      text: 'Room',
    },
    managingOrganization: { reference: `Organization/${organizationId}` },
    partOf: { reference: `Location/${siteId}` },
  }
}
