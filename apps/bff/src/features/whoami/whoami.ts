import type { OperationDefinition, Parameters, ParametersParameter, Patient } from '@medplum/fhirtypes'
import type { Caller, ReachablePerson } from '@openward/access'
import { CANONICAL, FhirError } from '@openward/fhir-client'

import { capabilitiesOf } from '#/lib/capabilities.ts'
import type { Operation, OperationContext } from '#/lib/operation.ts'

const definition: OperationDefinition = {
  resourceType: 'OperationDefinition',
  id: 'whoami',
  url: `${CANONICAL}/OperationDefinition/whoami`,
  name: 'WhoAmI',
  title: 'Who is signed in',
  status: 'active',
  kind: 'query',
  affectsState: false,
  code: 'whoami',
  description: 'Who the token is about, in which organization and roles, and for whom they may act.',
  system: true,
  type: false,
  instance: false,
  parameter: [
    { name: 'caller', use: 'out', min: 1, max: '1', type: 'Reference' },
    { name: 'organization', use: 'out', min: 1, max: '1', type: 'string' },
    { name: 'role', use: 'out', min: 1, max: '*', type: 'code' },
    { name: 'booking-off', use: 'out', min: 0, max: '1', type: 'boolean' },
    {
      name: 'person',
      use: 'out',
      min: 0,
      max: '*',
      part: [
        { name: 'patient', use: 'out', min: 1, max: '1', type: 'Reference' },
        { name: 'relationship', use: 'out', min: 1, max: '1', type: 'code' },
        { name: 'birthDate', use: 'out', min: 0, max: '1', type: 'date' },
        { name: 'age', use: 'out', min: 0, max: '1', type: 'integer' },
        { name: 'scope', use: 'out', min: 1, max: '*', type: 'code' },
        { name: 'until', use: 'out', min: 0, max: '1', type: 'date' },
      ],
    },
  ],
}

function nameOf({ name }: Patient): string {
  const chosen =
    name?.find(({ use }) => use === 'usual') ?? name?.find(({ use }) => use === 'official') ?? name?.[0]
  if (chosen?.text) return chosen.text
  return [...(chosen?.given?.slice(0, 1) ?? []), chosen?.family]
    .filter((part) => part !== undefined)
    .join(' ')
}

/** Completed years on the day of `nowMs`, by the calendar of the server's day in UTC. */
function ageOf(birthDate: string, nowMs: number): number | undefined {
  if (birthDate.length < 10) return undefined
  const today = new Date(nowMs).toISOString().slice(0, 10)
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years
}

async function personPart(
  context: OperationContext,
  person: ReachablePerson,
): Promise<ParametersParameter | undefined> {
  const { patientId, relationship, resourceTypes, until } = person
  let patient: Patient
  try {
    patient = await context.fhir.read('Patient', patientId, { signal: context.signal })
  } catch (error) {
    if (error instanceof FhirError && (error.code === 'not-found' || error.code === 'gone')) return undefined
    throw error
  }
  const age = patient.birthDate === undefined ? undefined : ageOf(patient.birthDate, context.now())
  return {
    name: 'person',
    part: [
      { name: 'patient', valueReference: { reference: `Patient/${patientId}`, display: nameOf(patient) } },
      { name: 'relationship', valueCode: relationship },
      ...(patient.birthDate ? [{ name: 'birthDate', valueDate: patient.birthDate }] : []),
      ...(age === undefined ? [] : [{ name: 'age', valueInteger: age }]),
      ...resourceTypes.map((type) => ({ name: 'scope', valueCode: type })),
      ...(until === undefined ? [] : [{ name: 'until', valueDate: until }]),
    ],
  }
}

function callerParts({ fhirUser, displayName, organization, roles }: Caller): ParametersParameter[] {
  return [
    { name: 'caller', valueReference: { reference: fhirUser, display: displayName } },
    { name: 'organization', valueString: organization },
    ...roles.map((role) => ({ name: 'role', valueCode: role })),
  ]
}

/** Said while the server is not proven safe for bookings; one that cannot be asked right now says so when it matters. */
async function bookingParts({ fhir }: OperationContext): Promise<ParametersParameter[]> {
  const isOff = await capabilitiesOf(fhir).then(
    ({ isBookingSafe }) => !isBookingSafe,
    () => false,
  )
  return isOff ? [{ name: 'booking-off', valueBoolean: true }] : []
}

/** `GET /fhir/$whoami`: the caller, and the people they may act for. */
export const whoami: Operation = {
  type: 'Parameters',
  level: 'system',
  method: 'GET',
  name: '$whoami',
  definition,
  async run(context) {
    const { caller } = context
    const [booking, ...people] = await Promise.all([
      bookingParts(context),
      ...caller.people.map((person) => personPart(context, person)),
    ])
    const parameter = [...callerParts(caller), ...booking, ...people.filter((part) => part !== undefined)]
    const resource: Parameters = { resourceType: 'Parameters', parameter }
    const patientIds = caller.people.map(({ patientId }) => patientId)
    return { status: 200, resource, touch: { action: 'read', patientIds } }
  },
}
