import type { Clinic } from '../clinic.ts'
import { type ClinicKey, IDENTIFIER, SUBJECT } from '../clinic.data.ts'

type Query = Readonly<Record<string, string | readonly string[]>>
/** One search as Openward sends it, and what it must find: these and nothing else. */
export type SearchNeed = { type: string; query: Query; finds: readonly ClinicKey[] }

const LIVE = 'proposed,pending,booked,arrived,checked-in'

function list(type: string, ...ids: string[]): string {
  return ids.map((id) => `${type}/${id}`).join(',')
}

export function appointmentNeeds({ run, ids, at }: Clinic): SearchNeed[] {
  const actor = list('Practitioner', ids.ada, ids.ben)
  const date = [`ge${at('00:00:00.000')}`, `lt${at('23:59:00.000')}`]
  const patient = `Patient/${ids.nora}`
  const location = `Location/${ids.site}`
  return [
    { type: 'Appointment', query: { actor, status: LIVE, date }, finds: ['booked', 'pending', 'elsewhere'] },
    {
      type: 'Appointment',
      query: { actor, status: LIVE, date, 'slot:missing': 'true' },
      finds: ['pending', 'elsewhere'],
    },
    { type: 'Appointment', query: { identifier: `${IDENTIFIER}|${run}-booked` }, finds: ['booked'] },
    { type: 'Appointment', query: { identifier: `${IDENTIFIER}|${run}-other` }, finds: [] },
    { type: 'Appointment', query: { patient, status: 'pending' }, finds: ['pending'] },
    { type: 'Appointment', query: { patient, status: 'cancelled' }, finds: ['cancelled'] },
    { type: 'Appointment', query: { location, status: LIVE, date }, finds: ['booked'] },
    {
      type: 'Appointment',
      query: { practitioner: `Practitioner/${ids.ada}`, date },
      finds: ['booked', 'pending', 'cancelled'],
    },
    { type: 'Appointment', query: { _id: ids.booked, patient }, finds: ['booked'] },
    { type: 'Appointment', query: { _id: ids.booked, patient: `Patient/${ids.omar}` }, finds: [] },
    { type: 'Appointment', query: { slot: `Slot/${ids.taken}` }, finds: ['booked'] },
    {
      type: 'Appointment',
      query: { actor, date: [`ge${at('10:00:00.000')}`, `lt${at('12:00:00.000')}`] },
      finds: ['booked'],
    },
    {
      type: 'Appointment',
      query: { patient, date: `lt${at('12:00:00.001')}` },
      finds: ['booked', 'pending'],
    },
    {
      type: 'Appointment',
      query: { patient, 'service-type': `${run}-check-up`, status: 'booked' },
      finds: ['booked'],
    },
  ]
}

export function slotNeeds({ ids, at }: Clinic): SearchNeed[] {
  const schedule = list('Schedule', ids.adaCalendar, ids.roomCalendar)
  const whole = [`ge${at('00:00:00.000')}`, `lt${at('23:59:00.000')}`]
  const status = 'busy,busy-tentative'
  return [
    { type: 'Slot', query: { schedule, status, start: whole }, finds: ['taken', 'held'] },
    { type: 'Slot', query: { schedule, status: 'busy', start: whole }, finds: ['taken'] },
    {
      type: 'Slot',
      query: { schedule, status: 'busy-unavailable', start: `lt${at('23:59:00.000')}` },
      finds: ['leave'],
    },
    { type: 'Slot', query: { schedule, status, start: `lt${at('11:00:00.001')}` }, finds: ['taken'] },
    { type: 'Slot', query: { schedule, status, start: `ge${at('11:00:00.001')}` }, finds: ['held'] },
    {
      type: 'Slot',
      query: { schedule, start: [`ge${at('10:00:00.000')}`, `lt${at('10:00:00.001')}`] },
      finds: ['taken'],
    },
    { type: 'Slot', query: { schedule, start: `ge${at('10:00:00.001')}`, status: 'busy' }, finds: [] },
    { type: 'Slot', query: { _id: `${ids.taken},${ids.held}` }, finds: ['taken', 'held'] },
  ]
}

export function scheduleNeeds({ ids }: Clinic): SearchNeed[] {
  const everybody = [`Practitioner/${ids.ada}`, `Location/${ids.room}`, `Patient/${ids.nora}`].join(',')
  return [
    { type: 'Schedule', query: { actor: everybody }, finds: ['adaCalendar', 'roomCalendar', 'noraCalendar'] },
    { type: 'Schedule', query: { actor: `Practitioner/${ids.ada}` }, finds: ['adaCalendar'] },
    { type: 'Schedule', query: { actor: `Practitioner/${ids.ben}` }, finds: [] },
    { type: 'Schedule', query: { _id: ids.roomCalendar }, finds: ['roomCalendar'] },
  ]
}

export function directoryNeeds({ run, ids }: Clinic): SearchNeed[] {
  const service = `HealthcareService/${ids.service}`
  const location = `Location/${ids.site}`
  return [
    { type: 'PractitionerRole', query: { service }, finds: ['adaRole', 'benRole'] },
    {
      type: 'PractitionerRole',
      query: { service, practitioner: `Practitioner/${ids.ada}` },
      finds: ['adaRole'],
    },
    { type: 'PractitionerRole', query: { role: `${run}-interpreter` }, finds: ['benRole'] },
    { type: 'PractitionerRole', query: { location, active: 'true' }, finds: ['adaRole', 'benRole'] },
    { type: 'PractitionerRole', query: { location, active: 'false' }, finds: [] },
    { type: 'Location', query: { _id: `${ids.site},${ids.room}` }, finds: ['site', 'room'] },
    {
      type: 'Location',
      query: { partof: `${location},Location/${ids.room}`, status: 'active' },
      finds: ['room'],
    },
    { type: 'HealthcareService', query: { _id: ids.service, active: 'true' }, finds: ['service'] },
    { type: 'HealthcareService', query: { location }, finds: ['service'] },
    { type: 'Organization', query: { _id: ids.organization, active: 'true' }, finds: ['organization'] },
    { type: 'Questionnaire', query: { _id: ids.questionnaire, status: 'active' }, finds: ['questionnaire'] },
    { type: 'Practitioner', query: { identifier: `${IDENTIFIER}|${run}-ada` }, finds: ['ada'] },
    { type: 'Practitioner', query: { _id: `${ids.ada},${ids.ben}` }, finds: ['ada', 'ben'] },
  ]
}

export function peopleNeeds({ run, ids }: Clinic): SearchNeed[] {
  const patient = `Patient/${ids.nora}`
  const subject = SUBJECT.replace(/[\\,$|]/g, String.raw`\$&`)
  return [
    { type: 'Patient', query: { _id: `${ids.nora},${ids.omar}` }, finds: ['nora', 'omar'] },
    { type: 'Patient', query: { identifier: `${IDENTIFIER}|${run}-nora` }, finds: ['nora'] },
    { type: 'Patient', query: { family: `${run}Haddad`, birthdate: '1975-07-01' }, finds: ['omar'] },
    { type: 'Patient', query: { name: `${run}Haddad` }, finds: ['omar'] },
    { type: 'Person', query: { link: patient }, finds: ['person'] },
    { type: 'Person', query: { identifier: `${IDENTIFIER}|${run}${subject}` }, finds: ['person'] },
    { type: 'RelatedPerson', query: { patient, active: 'true' }, finds: ['guardian'] },
    { type: 'Consent', query: { patient, status: 'active' }, finds: ['consent'] },
    {
      type: 'CareTeam',
      query: { participant: `Practitioner/${ids.ada}`, status: 'active' },
      finds: ['careTeam'],
    },
    { type: 'CareTeam', query: { patient }, finds: ['careTeam'] },
    { type: 'Group', query: { type: 'person', identifier: `${IDENTIFIER}|${run}-group` }, finds: ['group'] },
  ]
}

export function clinicalNeeds({ run, ids, at }: Clinic): SearchNeed[] {
  const patient = `Patient/${ids.nora}`
  return [
    { type: 'ServiceRequest', query: { subject: patient, status: 'active' }, finds: ['referral'] },
    { type: 'ServiceRequest', query: { subject: patient, status: 'completed' }, finds: [] },
    { type: 'Encounter', query: { patient, status: 'planned', class: 'HH' }, finds: ['encounter'] },
    { type: 'Encounter', query: { appointment: `Appointment/${ids.booked}` }, finds: ['encounter'] },
    { type: 'Encounter', query: { patient, date: `ge${at('09:00:00.000')}` }, finds: ['encounter'] },
    { type: 'Observation', query: { patient, category: 'vital-signs' }, finds: ['weight', 'pulse'] },
    { type: 'Observation', query: { patient, code: `${run}-weight` }, finds: ['weight'] },
    { type: 'Observation', query: { patient, date: '2041-05-01' }, finds: ['weight'] },
    {
      type: 'Condition',
      query: { patient, 'clinical-status': 'active', category: 'problem-list-item' },
      finds: ['condition'],
    },
  ]
}
