import type { Parameters, ParametersParameter } from '@medplum/fhirtypes'
import { type FhirClient, referencedId } from '@openward/fhir-client'
import { queryOptions } from '@tanstack/react-query'

/** Someone the signed-in person may act for, themselves included. */
export type Person = {
  patientId: string
  name: string
  /** `self`, or a v3-RoleCode. */
  relationship: string
  birthDate: string | undefined
  ageYears: number | undefined
  /** Resource types that may be seen; `*` is everything. */
  scope: readonly string[]
  /** Last day of the permission, when it ends. */
  until: string | undefined
}

export type Me = {
  name: string
  people: readonly Person[]
  /** Nobody can book here now: the clinic's server is not proven safe for it. */
  isBookingOff: boolean
}

function partOf(parameter: ParametersParameter, name: string): ParametersParameter | undefined {
  return parameter.part?.find((part) => part.name === name)
}

function personFrom(parameter: ParametersParameter): Person[] {
  const patient = partOf(parameter, 'patient')?.valueReference
  const patientId = referencedId(patient, 'Patient')
  if (patientId === undefined) return []
  return [
    {
      patientId,
      name: patient?.display ?? '',
      relationship: partOf(parameter, 'relationship')?.valueCode ?? 'self',
      birthDate: partOf(parameter, 'birthDate')?.valueDate,
      ageYears: partOf(parameter, 'age')?.valueInteger,
      scope: (parameter.part ?? []).flatMap((part) =>
        part.name === 'scope' && part.valueCode !== undefined ? [part.valueCode] : [],
      ),
      until: partOf(parameter, 'until')?.valueDate,
    },
  ]
}

/** The answer of `$whoami`: the caller's name, and the people they may act for, themselves first. */
function meFrom(parameters: Parameters): Me {
  const all = parameters.parameter ?? []
  const people = all.filter(({ name }) => name === 'person').flatMap(personFrom)
  return {
    name: all.find(({ name }) => name === 'caller')?.valueReference?.display ?? '',
    people: people.toSorted((a, b) => Number(b.relationship === 'self') - Number(a.relationship === 'self')),
    isBookingOff: all.some(({ name, valueBoolean }) => name === 'booking-off' && valueBoolean === true),
  }
}

/** What the permission for someone else reaches: everything, visits only, or some parts of the record. */
export function reachOf(person: Person): 'everything' | 'visits' | 'some' {
  if (person.scope.length === 0 || person.scope.includes('*')) return 'everything'
  const aboutVisits = ['Patient', 'Appointment', 'Schedule', 'Slot']
  return person.scope.every((type) => aboutVisits.includes(type)) ? 'visits' : 'some'
}

export const peopleQueries = {
  me: (fhir: FhirClient) =>
    queryOptions({
      queryKey: ['me'],
      queryFn: async ({ signal }) =>
        meFrom(await fhir.operation<Parameters>({ name: '$whoami', query: {}, signal })),
    }),
}
