import type { Check } from '../check.ts'
import { expectThat, fail, foundIn, idsOf, NotSupported, search } from '../check.ts'
import { type Clinic, clinicOf } from '../clinic.ts'
import type { ClinicKey } from '../clinic.data.ts'
import type { TestedServer } from '../server.ts'
import {
  appointmentNeeds,
  clinicalNeeds,
  directoryNeeds,
  peopleNeeds,
  scheduleNeeds,
  type SearchNeed,
  slotNeeds,
} from './search-needs.ts'
import { twinsOf } from './search-twins.ts'

export function formOf(query: SearchNeed['query']): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))
  return new URLSearchParams(pairs as [string, string][]).toString()
}

async function tryNeed(server: TestedServer, { ids }: Clinic, need: SearchNeed): Promise<void> {
  const { matches } = await search(server, need.type, `${formOf(need.query)}&_count=100`)
  const wanted = need.finds.map((key) => ids[key])
  const found = idsOf(matches)
  const names = Object.keys(need.query).join(', ')
  const missing = need.finds.filter((key) => !found.includes(ids[key]))
  expectThat(
    missing.length === 0,
    `${need.type} by ${names} does not find ${missing.length} of ${wanted.length}`,
  )
  const more = found.filter((id) => !wanted.includes(id)).length
  expectThat(more === 0, `${need.type} by ${names} finds ${more} too many: is a parameter passed over?`)
}

function needs(of: (clinic: Clinic) => SearchNeed[]): Check {
  return async (server) => {
    const clinic = await clinicOf(server)
    const all = of(clinic)
    for (const need of [...all, ...twinsOf(all, clinic)]) await tryNeed(server, clinic, need)
  }
}

async function expectIncluded(
  server: TestedServer,
  type: string,
  query: SearchNeed['query'],
  wanted: readonly string[],
): Promise<void> {
  const { matches, included } = await search(server, type, formOf(query))
  const what = `${String(query['_include'] ?? query['_revinclude'])} of ${type}`
  expectThat(matches.length === 1, `A search with ${what} finds ${matches.length} matches, not 1`)
  const found = included.map((one) => `${one.resourceType}/${one.id}`)
  if (found.length === 0 && query['_revinclude'] !== undefined)
    throw new NotSupported(`${what} brings nothing along`)
  const missing = wanted.filter((one) => !found.includes(one)).length
  expectThat(missing === 0, `${what} misses ${missing} of ${wanted.length} resources`)
}

const include: Check = async (server) => {
  const { ids } = await clinicOf(server)
  await expectIncluded(server, 'Appointment', { _id: ids.booked, _include: 'Appointment:actor' }, [
    `Patient/${ids.nora}`,
    `Practitioner/${ids.ada}`,
    `Location/${ids.site}`,
  ])
  const both = ['Appointment:patient', 'Appointment:practitioner']
  await expectIncluded(server, 'Appointment', { _id: ids.booked, _include: both }, [
    `Patient/${ids.nora}`,
    `Practitioner/${ids.ada}`,
  ])
  await expectIncluded(
    server,
    'PractitionerRole',
    { _id: ids.adaRole, _include: 'PractitionerRole:practitioner' },
    [`Practitioner/${ids.ada}`],
  )
  await expectIncluded(server, 'CareTeam', { _id: ids.careTeam, _include: 'CareTeam:patient' }, [
    `Patient/${ids.nora}`,
  ])
}

const revinclude: Check = async (server) => {
  const { ids } = await clinicOf(server)
  await expectIncluded(server, 'Schedule', { _id: ids.adaCalendar, _revinclude: 'Slot:schedule' }, [
    `Slot/${ids.taken}`,
    `Slot/${ids.held}`,
  ])
}

/** For what Openward does without: an answer of 4xx, or one that passes the parameter over, is "not supported". */
async function spareSearch(
  server: TestedServer,
  type: string,
  query: SearchNeed['query'],
  wanted: readonly ClinicKey[],
): Promise<void> {
  const { ids } = await clinicOf(server)
  const reply = await server.send('POST', `${type}/_search`, { form: formOf(query) })
  const names = Object.keys(query).join(', ')
  if (reply.status >= 400 && reply.status < 500) throw new NotSupported(`${type} by ${names} is refused`)
  const found = idsOf(foundIn(reply, `${type} by ${names}`).matches)
  const expected = wanted.map((key) => ids[key]).sort()
  if (found.join() === expected.join()) return
  if (expected.every((id) => found.includes(id))) throw new NotSupported(`${type} by ${names} is passed over`)
  fail(`${type} by ${names} does not find what it should`)
}

const chain: Check = async (server) => {
  const identifier = `${server.run}-nora`
  await spareSearch(server, 'Appointment', { 'patient.identifier': identifier, status: 'booked' }, ['booked'])
  const booked = `${server.run}-booked`
  await spareSearch(server, 'Patient', { '_has:Appointment:patient:identifier': booked }, ['nora'])
}

const modifiers: Check = async (server) => {
  const { ids } = await clinicOf(server)
  const patient = `Patient/${ids.nora}`
  await spareSearch(server, 'Appointment', { patient, 'status:not': 'cancelled' }, ['booked', 'pending'])
  const _id = `${ids.site},${ids.room}`
  await spareSearch(server, 'Location', { _id, 'name:contains': 'arbor' }, ['site'])
}

const strings: Check = async (server) => {
  const { ids } = await clinicOf(server)
  const found = async (family: string) =>
    idsOf((await search(server, 'Patient', formOf({ family }))).matches).includes(ids.nora)
  expectThat(await found(`${server.run}Núñez`), 'Patient by family does not find the very name')
  if (!(await found(`${server.run}núñez`)))
    throw new NotSupported('Patient by family minds upper and lower case')
  if (!(await found(`${server.run}nunez`))) throw new NotSupported('Patient by family minds accents')
}

export const SEARCHES = {
  'search-appointment': needs(appointmentNeeds),
  'search-slot': needs(slotNeeds),
  'search-schedule': needs(scheduleNeeds),
  'search-directory': needs(directoryNeeds),
  'search-people': needs(peopleNeeds),
  'search-clinical': needs(clinicalNeeds),
  'search-include': include,
  'search-revinclude': revinclude,
  'search-chain': chain,
  'search-modifiers': modifiers,
  'search-strings': strings,
}
