import type {
  Extension,
  HealthcareService,
  Location,
  Organization,
  Resource,
  Schedule,
} from '@medplum/fhirtypes'
import { EXTENSION, SYSTEM } from '@openward/fhir-client/canonical'

import type { PopulationPlan } from './plan.ts'
import { uuidFor } from './random.ts'
import { concept, inSpanish, refer } from './resources.ts'
import { SERVICES, type ServiceRow } from './service-list.ts'
import { closuresOf, sitesOf, type SiteRow } from './site-list.ts'

const BRANDING = {
  openward: {
    name: 'Openward Community Health',
    accent: 'teal',
    phone: '+1-212-555-0100',
    welcome:
      'Book a visit that suits you, and change it when you need to. For you, and for the people you care for.',
    welcomeEs:
      'Pida una cita cuando le venga bien y cámbiela si lo necesita. Para usted y para las personas que cuida.',
  },
  lakeside: {
    name: 'Lakeside Clinic',
    accent: 'indigo',
    phone: '+1-414-555-0100',
    welcome: 'Your neighborhood clinic by the lake.',
    welcomeEs: 'Su clínica de barrio junto al lago.',
  },
} as const

export function organizationResource(plan: PopulationPlan): Organization {
  const brand = BRANDING[plan.organization]
  return {
    resourceType: 'Organization',
    id: plan.organization,
    active: true,
    extension: [
      {
        url: EXTENSION.branding,
        extension: [
          { url: 'displayName', valueString: brand.name },
          { url: 'accent', valueCode: brand.accent },
          { url: 'phone', valueString: brand.phone },
          { url: 'welcome', valueString: brand.welcome },
          { url: 'welcomeEs', valueString: brand.welcomeEs },
        ],
      },
    ],
    type: [concept('http://terminology.hl7.org/CodeSystem/organization-type', 'prov', 'Healthcare Provider')],
    name: brand.name,
    telecom: [
      { system: 'phone', value: brand.phone, use: 'work' },
      { system: 'email', value: `hello@${plan.organization}.example.org`, use: 'work' },
    ],
  }
}

function closureExtension(closure: { start: string; end: string; reason: string }): Extension {
  return {
    url: EXTENSION.closure,
    extension: [
      { url: 'start', valueDate: closure.start },
      { url: 'end', valueDate: closure.end },
      { url: 'reason', valueString: closure.reason },
    ],
  }
}

function physicalType(code: 'si' | 'ro'): ReturnType<typeof concept> {
  return concept(SYSTEM.locationPhysicalType, code, code === 'si' ? 'Site' : 'Room')
}

function siteResource(plan: PopulationPlan, site: SiteRow): Location {
  return {
    resourceType: 'Location',
    id: site.id,
    extension: [
      { url: EXTENSION.siteTimeZone, valueCode: site.timeZone },
      ...closuresOf(plan, site).map(closureExtension),
    ],
    status: 'active',
    name: site.name,
    mode: 'instance',
    telecom: [{ system: 'phone', value: `+1-${site.areaCode}-555-0101`, use: 'work' }],
    address: {
      line: [site.street],
      city: site.city,
      state: site.state,
      postalCode: site.postalCode,
      country: site.country,
    },
    physicalType: physicalType('si'),
    position: { latitude: site.latitude, longitude: site.longitude },
    managingOrganization: refer('Organization', plan.organization),
    hoursOfOperation: site.hours.map(({ days, from, to }) => ({
      daysOfWeek: [...days],
      openingTime: from,
      closingTime: to,
    })),
  }
}

function roomResources(plan: PopulationPlan, site: SiteRow): Location[] {
  return site.rooms.map((room) => ({
    resourceType: 'Location',
    id: room.id,
    status: 'active',
    name: room.name,
    mode: 'instance',
    physicalType: physicalType('ro'),
    managingOrganization: refer('Organization', plan.organization),
    partOf: refer('Location', site.id, site.name),
  }))
}

function rulesExtension(service: ServiceRow): Extension {
  const minutes = [
    'durationMinutes',
    'bufferBeforeMinutes',
    'bufferAfterMinutes',
    'startEveryMinutes',
    'leadTimeMinutes',
    'horizonDays',
    'cancelNoticeMinutes',
  ] as const
  const ages = ['minimumAgeYears', 'maximumAgeYears'] as const
  return {
    url: EXTENSION.serviceRules,
    extension: [
      ...minutes.map((url) => ({ url, valueInteger: service[url] })),
      { url: 'referralRequired', valueBoolean: service.referralRequired === true },
      ...ages.flatMap((url) => (service[url] === undefined ? [] : [{ url, valueInteger: service[url] }])),
      ...service.visitModes.map((mode) => ({ url: 'visitMode', valueCode: mode })),
      { url: 'needsRoom', valueBoolean: service.needsRoom === true },
      { url: 'needsInterpreter', valueBoolean: service.needsInterpreter === true },
    ],
  }
}

/** The sites of this organization at which a service is offered. */
function sitesOffering(plan: PopulationPlan, service: ServiceRow): readonly SiteRow[] {
  const offered = service.sites.map((code) => `site-${code}`)
  return plan.organization === 'lakeside'
    ? sitesOf(plan)
    : sitesOf(plan).filter(({ id }) => offered.includes(id))
}

const LAKESIDE_SERVICES = ['check-up', 'follow-up', 'child-check-up', 'blood-test', 'vaccination']

function serviceResource(plan: PopulationPlan, service: ServiceRow): HealthcareService {
  return {
    resourceType: 'HealthcareService',
    id: `service-${service.code}`,
    extension: [rulesExtension(service)],
    active: true,
    providedBy: refer('Organization', plan.organization),
    type: [concept(SYSTEM.serviceType, service.code, service.name)],
    location: sitesOffering(plan, service).map((site) => refer('Location', site.id, site.name)),
    name: service.name,
    _name: inSpanish(service.nameEs),
    comment: service.comment,
    _comment: inSpanish(service.commentEs),
  } as HealthcareService
}

/** One calendar per bookable actor; its version is the lock that bookings take. */
export function scheduleResource(
  plan: PopulationPlan,
  type: 'practitioner' | 'location' | 'patient',
  actorId: string,
): Schedule {
  const actorType = { practitioner: 'Practitioner', location: 'Location', patient: 'Patient' }[type]
  const id = `calendar-${type}-${actorId}`
  const revision = uuidFor(plan.seed, plan.organization, id)
  return {
    resourceType: 'Schedule',
    id,
    extension: [{ url: EXTENSION.calendarRevision, valueUuid: `urn:uuid:${revision}` }],
    active: true,
    actor: [refer(actorType, actorId)],
  }
}

/** Organization, sites, rooms, services, and the rooms' calendars. */
export function* facilityResources(plan: PopulationPlan): Generator<Resource> {
  yield organizationResource(plan)
  const sites = sitesOf(plan)
  for (const site of sites) yield siteResource(plan, site)
  for (const site of sites) yield* roomResources(plan, site)
  for (const service of SERVICES) {
    if (plan.organization === 'lakeside' && !LAKESIDE_SERVICES.includes(service.code)) continue
    yield serviceResource(plan, service)
  }
  for (const room of sites.flatMap((site) => site.rooms)) yield scheduleResource(plan, 'location', room.id)
}
