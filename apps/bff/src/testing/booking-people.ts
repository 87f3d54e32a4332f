import type { Appointment, Slot } from '@medplum/fhirtypes'
import { bookParameters } from '@openward/scheduling'

import {
  call,
  type CallOptions,
  openingsOf,
  patientCaller,
  type Question,
  resourceOf,
  staffCaller,
} from './booking-calls.ts'
import { type Clinic, type ClinicOptions, createClinic } from './booking-clinic.ts'
import type { BookingRecord } from './booking-record.ts'

/** A clinic, its people, and short ways to act as them. */
export type ClinicWithPeople = {
  clinic: Clinic
  clinician: string
  first: string
  second: string
  as: (patient: string, more?: Partial<CallOptions>) => CallOptions
  staff: CallOptions
  openings: (question?: Question) => Promise<Appointment[]>
  /** Books by staff; fails the test when it is refused. */
  book: (opening: Appointment | undefined, patient: string) => Promise<Appointment & { id: string }>
  slotsOf: (actor: string) => Promise<Slot[]>
}

export async function openClinic(
  record: BookingRecord,
  options: ClinicOptions = {},
): Promise<ClinicWithPeople> {
  const clinic = await createClinic(record.fhir, { patients: 2, ...options })
  const [first = '', second = ''] = clinic.patients
  const [clinician = ''] = clinic.clinicians
  const as: ClinicWithPeople['as'] = (patient, more) => ({
    caller: patientCaller(patient),
    transport: record.transport,
    ...more,
  })
  const staff: CallOptions = { caller: staffCaller(), transport: record.transport }
  return {
    clinic,
    clinician,
    first,
    second,
    as,
    staff,
    openings: (question) => openingsOf(clinic, staff, question),
    book: async (opening, patient) => {
      if (opening === undefined) throw new Error('no opening')
      return resourceOf(await call('Appointment/$book', bookParameters({ opening, patient }), staff))
    },
    slotsOf: async (actor) => {
      const schedules = await record.fhir.searchAll('Schedule', { actor })
      const schedule = schedules.map(({ id }) => `Schedule/${id}`).join(',')
      return schedules.length === 0 ? [] : record.fhir.searchAll('Slot', { schedule, _count: 1000 })
    },
  }
}
