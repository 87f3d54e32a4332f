/** Base of every canonical address that Openward itself defines. */
export const CANONICAL = 'https://openward.example/fhir'

/** Address of one of our extensions. */
export function extensionUrl<const Name extends string>(name: Name) {
  return `${CANONICAL}/StructureDefinition/${name}` as const
}

/** Our extensions, by the name used in the code. Their content is described in docs/architecture.md. */
export const EXTENSION = {
  accessNeeds: extensionUrl('access-needs'),
  bookedBy: extensionUrl('booked-by'),
  branding: extensionUrl('branding'),
  calendarRevision: extensionUrl('calendar-revision'),
  cancelledBy: extensionUrl('cancelled-by'),
  closure: extensionUrl('closure'),
  contactPhone: extensionUrl('contact-phone'),
  heldUntil: extensionUrl('held-until'),
  idempotencyBody: extensionUrl('idempotency-body'),
  interpreterLanguage: extensionUrl('interpreter-language'),
  overrideReason: extensionUrl('override-reason'),
  reasonParameter: extensionUrl('reason-parameter'),
  replaces: extensionUrl('replaces'),
  sequence: extensionUrl('sequence'),
  series: extensionUrl('series'),
  serviceRules: extensionUrl('service-rules'),
  timeZone: extensionUrl('time-zone'),
  visitMode: extensionUrl('visit-mode'),
  /** @see https://hl7.org/fhir/extensions/StructureDefinition-timezone.html */
  siteTimeZone: 'http://hl7.org/fhir/StructureDefinition/timezone',
  /** @see https://hl7.org/fhir/R4/extension-translation.html */
  translation: 'http://hl7.org/fhir/StructureDefinition/translation',
} as const

/** Code and identifier systems. */
export const SYSTEM = {
  bookingReason: `${CANONICAL}/CodeSystem/booking-reason`,
  cancellationReason: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason',
  communicationCategory: `${CANONICAL}/CodeSystem/communication-category`,
  idempotencyKey: `${CANONICAL}/idempotency-key`,
  locationPhysicalType: 'http://terminology.hl7.org/CodeSystem/location-physical-type',
  resourceTypes: 'http://hl7.org/fhir/resource-types',
  role: `${CANONICAL}/CodeSystem/role`,
  seriesId: `${CANONICAL}/appointment-series`,
  serviceType: `${CANONICAL}/CodeSystem/service-type`,
} as const
