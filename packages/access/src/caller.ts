import type { Scope } from './scopes.ts'

/** The roles of Openward, exactly the values of the token's `roles` claim. */
export const ROLES = [
  'patient',
  'care-manager',
  'clinician',
  'home-clinician',
  'scheduler',
  'supervisor',
  'outreach-author',
  'outreach-approver',
  'template-administrator',
  'privacy-officer',
  'auditor',
  'administrator',
  'worker',
] as const

export type Role = (typeof ROLES)[number]

/** A patient the caller may act for: themselves, or someone who gave (or whose law gives) them a proxy. */
export type ReachablePerson = {
  patientId: string
  /** `self`, or the v3-RoleCode of the RelatedPerson. */
  relationship: string
  /** Resource types that the Consent allows; `*` is all. */
  resourceTypes: readonly string[]
  /** Last day (ISO date) of the proxy, when it ends. */
  until?: string
}

/** Who asks: identity from the token, rights from the token and the record together. */
export type Caller = {
  issuer: string
  subject: string
  organization: string
  roles: readonly Role[]
  /** What the token itself is limited to, beneath the roles; undefined for a token without SMART scopes. */
  scopes?: readonly Scope[] | undefined
  /** Relative reference of the person, e.g. `Practitioner/1`. */
  fhirUser: string
  displayName: string
  /** Self and proxied people; empty for staff who are nobody's patient here. */
  people: readonly ReachablePerson[]
  /** Seconds since the epoch. */
  authenticatedAt: number | undefined
}
