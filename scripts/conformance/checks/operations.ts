import type { Parameters, Patient } from '@medplum/fhirtypes'
import { CANONICAL } from '@openward/fhir-client/canonical'

import { bundleIn, type Check, expectStatus, expectThat, NotSupported } from '../check.ts'
import { clinicOf } from '../clinic.ts'
import { outcomeOf, type Reply } from '../server.ts'

/** Where there is no such operation, servers answer 404, 400 or that a resource of that name is missing. */
function requireOffered(reply: Reply, name: string): void {
  if ([400, 404, 405, 501].includes(reply.status)) throw new NotSupported(`${name} is not there`)
}

const everything: Check = async (server) => {
  const { ids } = await clinicOf(server)
  const reply = await server.send('GET', `Patient/${ids.nora}/$everything`)
  requireOffered(reply, '$everything')
  expectStatus(reply, [200], '$everything')
  const found = new Set((bundleIn(reply, '$everything').entry ?? []).map(({ resource }) => resource?.id))
  for (const key of ['nora', 'booked', 'condition', 'weight', 'encounter'] as const)
    expectThat(found.has(ids[key]), `$everything misses what belongs to the patient (${key})`)
  expectThat(
    !found.has(ids.omar) && !found.has(ids.elsewhere),
    '$everything brings what belongs to another patient',
  )
}

const validate: Check = async (server) => {
  const ask = (patient: object) => server.send('POST', 'Patient/$validate', { body: patient })
  const good = await ask({ resourceType: 'Patient', birthDate: '1980-02-29' } satisfies Patient)
  requireOffered(good, '$validate')
  const isRefused = (reply: Reply) =>
    outcomeOf(reply)?.issue?.some(({ severity }) => severity === 'error' || severity === 'fatal') === true
  expectThat(outcomeOf(good) !== undefined, '$validate answers no OperationOutcome')
  expectThat(!isRefused(good), '$validate finds errors in a good Patient')
  const wrong = await ask({ resourceType: 'Patient', birthDate: 'yesterday' })
  expectThat(isRefused(wrong), '$validate finds nothing wrong with a Patient born "yesterday"')
}

const bulkExport: Check = async (server) => {
  // nothing is that new: the export is over as soon as it begins
  const since = new Date(Date.now() + 3_600_000).toISOString()
  const query = `_type=Basic&_since=${encodeURIComponent(since)}`
  const reply = await server.send('GET', `$export?${query}`, { headers: { prefer: 'respond-async' } })
  requireOffered(reply, '$export')
  expectStatus(reply, [202], '$export')
  const status = reply.headers.get('content-location')
  expectThat(status !== null, '$export does not tell where its state is to be asked for (Content-Location)')
  const base = new URL(`${server.baseUrl}/`)
  const target = new URL(status, base)
  // the token goes nowhere else
  if (!target.href.startsWith(base.href))
    return 'its state is kept at another address, which was not followed'
  const path = target.href.slice(base.href.length)
  const state = await server.send('GET', path)
  expectStatus(state, [200, 202], 'The state of an $export')
  await server.send('DELETE', path)
}

const findBusy: Check = async (server) => {
  const { ids, at } = await clinicOf(server)
  const definition = `${CANONICAL}/OperationDefinition/Slot-find-busy`
  const slot = server.statement?.rest?.[0]?.resource?.find(({ type }) => type === 'Slot')
  if (slot?.operation?.some((one) => one.definition === definition) !== true)
    throw new NotSupported('Slot/$find-busy is not named in the CapabilityStatement')
  const body: Parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'start', valueInstant: at('00:00:00.000') },
      { name: 'end', valueInstant: at('23:59:00.000') },
      { name: 'schedule', valueReference: { reference: `Schedule/${ids.adaCalendar}` } },
      { name: 'actor', valueReference: { reference: `Practitioner/${ids.ada}` } },
    ],
  }
  const reply = await server.send('POST', 'Slot/$find-busy', { body })
  expectStatus(reply, [200], 'Slot/$find-busy')
  const told = JSON.stringify(reply.body)
  for (const key of ['taken', 'leave', 'held', 'pending'] as const)
    expectThat(told.includes(ids[key]), `Slot/$find-busy misses busy time (${key})`)
  expectThat(
    !told.includes(ids.open) && !told.includes(ids.cancelled),
    'Slot/$find-busy tells time that is free',
  )
}

export const OPERATIONS = { everything, validate, export: bulkExport, 'find-busy': findBusy }
