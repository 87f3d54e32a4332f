import type { SearchParam } from '../src/definitions/definitions.ts'

/**
 * Which search parameters put a resource into a compartment, from the CompartmentDefinitions of FHIR R4 (4.0.1), besides
 * the patient's, which the definitions bring along. Parameters (joined by +), then
 * the types in which they count.
 */
const DEFINITIONS: Record<string, string> = {
  Encounter: `
    encounter CarePlan CareTeam Claim ClinicalImpression Communication CommunicationRequest Composition Condition DeviceRequest
      DiagnosticReport DocumentReference ExplanationOfBenefit Media MedicationRequest NutritionOrder Observation Procedure
      QuestionnaireResponse RequestGroup ServiceRequest VisionPrescription
    context ChargeItem MedicationAdministration
    related-ref DocumentManifest`,
  RelatedPerson: `
    recorder AdverseEvent
    asserter AllergyIntolerance Condition
    actor Appointment AppointmentResponse Schedule
    author Basic Composition DocumentManifest DocumentReference QuestionnaireResponse
    performer CarePlan MedicationAdministration Observation Procedure ServiceRequest
    participant CareTeam Encounter RequestGroup
    enterer+performer-actor ChargeItem
    payee Claim ExplanationOfBenefit
    sender Communication CommunicationRequest
    recipient Communication CommunicationRequest DocumentManifest Invoice
    requester CommunicationRequest SupplyRequest
    policy-holder+subscriber+payor Coverage
    source MedicationStatement QuestionnaireResponse
    link Patient Person
    agent Provenance`,
  Practitioner: `
    subject Account Composition DocumentManifest DocumentReference Media
    recorder AdverseEvent AllergyIntolerance
    asserter AllergyIntolerance Condition
    actor Appointment AppointmentResponse Schedule
    agent AuditEvent Provenance
    author Basic Composition DetectedIssue DocumentManifest DocumentReference Flag Linkage MessageHeader QuestionnaireResponse
      RequestGroup
    performer CarePlan DeviceRequest DiagnosticReport Immunization MedicationAdministration MedicationDispense Observation
      Procedure RiskAssessment ServiceRequest
    participant CareTeam Encounter Invoice RequestGroup
    enterer+performer-actor ChargeItem
    enterer+provider+payee+care-team Claim ExplanationOfBenefit
    requestor ClaimResponse CoverageEligibilityResponse PaymentReconciliation
    assessor ClinicalImpression
    sender+recipient Communication CommunicationRequest
    requester CommunicationRequest DeviceRequest MedicationRequest ServiceRequest SupplyRequest
    attester Composition
    enterer+provider CoverageEligibilityRequest
    recipient DocumentManifest
    authenticator DocumentReference
    practitioner Encounter Person PractitionerRole
    care-manager EpisodeOfCare
    member Group
    source List MedicationStatement QuestionnaireResponse
    operator Media
    receiver MedicationDispense MessageHeader SupplyDelivery
    responsible+enterer MessageHeader
    provider NutritionOrder PaymentNotice
    general-practitioner Patient
    principalinvestigator ResearchStudy
    collector Specimen
    supplier SupplyDelivery
    prescriber VisionPrescription`,
  Device: `
    subject Account DeviceRequest DiagnosticReport DocumentManifest DocumentReference List Media Observation Specimen
    actor Appointment AppointmentResponse Schedule
    agent AuditEvent Provenance
    enterer+performer-actor ChargeItem
    procedure-udi+item-udi+detail-udi+subdetail-udi Claim ExplanationOfBenefit
    sender+recipient Communication CommunicationRequest
    author Composition DetectedIssue DocumentManifest DocumentReference Flag QuestionnaireResponse RequestGroup
    device DeviceRequest DeviceUseStatement MedicationAdministration Observation
    requester DeviceRequest ServiceRequest SupplyRequest
    performer DeviceRequest RiskAssessment ServiceRequest
    member Group
    participant Invoice
    source List
    target MessageHeader`,
}

/**
 * Compartment → resource type → reference parameters. The compartment's own resource is always in it and is not listed.
 * Throws when a definition names a parameter that the type does not have.
 */
export function compartmentTables(
  patient: Map<string, string[]>,
  search: Record<string, Record<string, SearchParam>>,
): Record<string, Record<string, string[]>> {
  const tables: Record<string, Record<string, string[]>> = { Patient: {} }
  for (const [type, codes] of patient) add('Patient', type, codes)
  for (const [compartment, text] of Object.entries(DEFINITIONS)) {
    let codes: string[] = []
    for (const word of text.trim().split(/\s+/)) {
      if (/^[A-Z]/.test(word)) add(compartment, word, codes)
      else codes = word.split('+')
    }
  }
  return tables

  function add(compartment: string, type: string, codes: string[]): void {
    if (codes.length === 0) return
    const wrong = codes.find((code) => search[type]?.[code]?.type !== 'reference')
    if (wrong !== undefined) throw new Error(`The compartment ${compartment} names ${type}.${wrong}.`)
    const table = (tables[compartment] ??= {})
    table[type] = [...(table[type] ?? []), ...codes]
  }
}
