import type { Bundle } from '@medplum/fhirtypes'
import { TransactionBuilder } from '@openward/fhir-client'
import { type PersonValues, withPerson } from './person-values.ts'
import { newRole, type RoleValues, withRole } from './role-values.ts'

export type NewClinicianValues = PersonValues & RoleValues

/** Person, first site and calendar in one transaction: all of it is there, or nothing. */
export function clinicianTransaction(values: NewClinicianValues, organizationId: string): TransactionBuilder {
  const transaction = new TransactionBuilder()
  const person = transaction.create(withPerson({ resourceType: 'Practitioner' }, values))
  transaction.create(withRole(newRole(person, organizationId, values.title), values))
  transaction.create({ resourceType: 'Schedule', active: true, actor: [{ reference: person }] })
  return transaction
}

/** The id of the Practitioner that a transaction made. */
export function createdPractitioner(answer: Bundle): string | undefined {
  const places = (answer.entry ?? []).map(({ response }) => response?.location ?? '')
  return places.map((place) => /(?:^|\/)Practitioner\/([A-Za-z0-9\-.]{1,64})/.exec(place)?.[1]).find(Boolean)
}
