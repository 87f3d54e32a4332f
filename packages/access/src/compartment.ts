import type { Reference, Resource, ResourceType } from '@medplum/fhirtypes'
import { referencedId } from '@openward/fhir-client'

type Membership = {
  /** Search parameter that finds a patient's resources of this type. */
  parameter: string
  /** Elements that name whose data it is. */
  owner: readonly string[]
  /** Further elements by which the standard's compartment holds it: they matter for the audit, not for the reach. */
  other?: readonly string[]
}

const SUBJECT: Membership = { parameter: 'patient', owner: ['subject'] }
const PATIENT: Membership = { parameter: 'patient', owner: ['patient'] }

/**
 * The patient compartment: how a resource belongs to a patient.
 * @see https://hl7.org/fhir/R4/compartmentdefinition-patient.html
 */
const COMPARTMENT: Partial<Record<ResourceType, Membership>> = {
  AllergyIntolerance: { ...PATIENT, other: ['recorder', 'asserter'] },
  Appointment: { parameter: 'patient', owner: ['participant.actor'] },
  CarePlan: { ...SUBJECT, other: ['activity.detail.performer'] },
  CareTeam: { ...SUBJECT, other: ['participant.member'] },
  Communication: { ...SUBJECT, other: ['sender', 'recipient'] },
  CommunicationRequest: { ...SUBJECT, other: ['sender', 'recipient', 'requester'] },
  Condition: { ...SUBJECT, other: ['asserter'] },
  Consent: PATIENT,
  Coverage: { parameter: 'patient', owner: ['beneficiary'], other: ['policyHolder', 'subscriber', 'payor'] },
  DiagnosticReport: SUBJECT,
  DocumentReference: { ...SUBJECT, other: ['author'] },
  Encounter: SUBJECT,
  FamilyMemberHistory: PATIENT,
  Flag: SUBJECT,
  Goal: SUBJECT,
  Group: { parameter: 'member', owner: ['member.entity'] },
  Immunization: PATIENT,
  MedicationAdministration: { ...SUBJECT, other: ['performer.actor'] },
  MedicationDispense: { ...SUBJECT, other: ['receiver'] },
  MedicationRequest: SUBJECT,
  MedicationStatement: SUBJECT,
  Observation: { ...SUBJECT, other: ['performer'] },
  Patient: { parameter: '_id', owner: ['id'] },
  Person: { parameter: 'patient', owner: ['link.target'] },
  Procedure: { ...SUBJECT, other: ['performer.actor'] },
  QuestionnaireResponse: { ...SUBJECT, other: ['author', 'source'] },
  RelatedPerson: PATIENT,
  Schedule: { parameter: 'actor', owner: ['actor'] },
  ServiceRequest: { ...SUBJECT, other: ['performer'] },
  Task: { parameter: 'patient', owner: ['for'], other: ['focus'] },
}

export function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, path))
  const [name, ...rest] = path
  if (name === undefined) return [value]
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return []
  return valuesAt((value as Record<string, unknown>)[name], rest)
}

function idsAt(resource: Resource, paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    valuesAt(resource, path.split('.')).flatMap((value) => {
      if (typeof value === 'string') return path === 'id' ? [value] : []
      const id = referencedId(value as Reference | undefined, 'Patient')
      return id === undefined ? [] : [id]
    }),
  )
}

/** The patients whose data this resource is; several for a joint visit, none for a directory entry. */
export function ownersOf(resource: Resource): string[] {
  return [...new Set(idsAt(resource, COMPARTMENT[resource.resourceType]?.owner ?? []))]
}

/** Every patient in whose compartment the resource stands: each is an entity of its audit event. */
export function patientsIn(resource: Resource): string[] {
  const membership = COMPARTMENT[resource.resourceType]
  return [...new Set(idsAt(resource, [...(membership?.owner ?? []), ...(membership?.other ?? [])]))]
}

/** The search parameter that narrows a search to patients, or undefined where the type belongs to no patient. */
export function patientParameter(type: ResourceType): string | undefined {
  return COMPARTMENT[type]?.parameter
}
