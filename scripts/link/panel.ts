import type { CareTeam } from '@medplum/fhirtypes'
import { type FhirClient, SYSTEM } from '@openward/fhir-client'
import type { DemoAccount } from '@openward/population/accounts'

/** Marks the teams that this command made. */
const LINKED = 'https://openward.example/fhir/linked-panel'

function teamOf(account: DemoAccount, patientId: string): CareTeam {
  const [role = 'clinician'] = account.roles
  return {
    resourceType: 'CareTeam',
    identifier: [{ system: LINKED, value: `${account.username}-${patientId}` }],
    status: 'active',
    name: 'Care team',
    subject: { reference: `Patient/${patientId}` },
    participant: [
      {
        role: [{ coding: [{ system: SYSTEM.role, code: role }] }],
        member: { reference: account.fhirUser, display: account.name },
      },
    ],
  }
}

function isLinked(team: CareTeam): boolean {
  return team.identifier?.some(({ system }) => system === LINKED) === true
}

/** Puts a person on a staff member's panel; `already` when an active team has both. */
export async function addToPanel(
  client: FhirClient,
  account: DemoAccount,
  patientId: string,
): Promise<'added' | 'already'> {
  const query = { participant: account.fhirUser, patient: `Patient/${patientId}` }
  const teams = await client.searchAll('CareTeam', query)
  if (teams.some(({ status }) => status === 'active')) return 'already'
  const ended = teams.find(isLinked)
  if (ended) await client.update({ ...ended, status: 'active' })
  else {
    const team = teamOf(account, patientId)
    await client.create(team, { ifNoneExist: `identifier=${LINKED}|${account.username}-${patientId}` })
  }
  return 'added'
}

/** Takes everyone off the panel who was put there by this command; gives their number. */
export async function clearPanel(client: FhirClient, account: DemoAccount): Promise<number> {
  const teams = await client.searchAll('CareTeam', { participant: account.fhirUser, status: 'active' })
  const linked = teams.filter(isLinked)
  for (const team of linked) await client.update({ ...team, status: 'inactive' })
  return linked.length
}
