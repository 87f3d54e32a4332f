import { type Role, ROLES } from '@openward/access'
import { type FhirClient, SYSTEM } from '@openward/fhir-client'

import { isOver, type Moment } from './periods.ts'

/** Not work that stands in the record as a PractitionerRole. */
const NOT_WORK: ReadonlySet<Role> = new Set(['patient', 'worker'])

/**
 * The roles of the token that the record knows too: those of an active PractitionerRole that has not ended. A Practitioner
 * without any PractitionerRole of ours (`CodeSystem/role`) has what the token says.
 */
export async function workRoles(
  fhir: FhirClient,
  practitionerId: string,
  tokenRoles: readonly Role[],
  moment: () => Promise<Moment>,
): Promise<Role[]> {
  const recorded = await fhir.searchAll('PractitionerRole', {
    practitioner: `Practitioner/${practitionerId}`,
  })
  const ours = recorded.flatMap(({ code, active, period }) => {
    const codes = code?.flatMap(({ coding }) => coding ?? []) ?? []
    const roles = ROLES.filter((role) => codes.some((one) => one.system === SYSTEM.role && one.code === role))
    return roles.length > 0 ? [{ roles, active, period }] : []
  })
  if (ours.length === 0) return [...tokenRoles]
  const now = ours.some(({ period }) => period?.end !== undefined) ? await moment() : undefined
  const current = ours.filter(({ active, period }) => active !== false && !(now && isOver(period, now)))
  return tokenRoles.filter((role) => NOT_WORK.has(role) || current.some(({ roles }) => roles.includes(role)))
}
