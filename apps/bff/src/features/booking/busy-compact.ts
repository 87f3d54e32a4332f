import type { Appointment, Parameters } from '@medplum/fhirtypes'
import { CANONICAL, FhirError, type FhirClient, type Versioned } from '@openward/fhir-client'
import type { Interval } from '@openward/scheduling'

import { capabilitiesOf, denyOperation } from '#/lib/capabilities.ts'

import type { BusyEntry, BusyFound } from './busy-entries.ts'
import { type Calendars, chunksOf } from './calendars.ts'

const DEFINITION = `${CANONICAL}/OperationDefinition/Slot-find-busy`
/** Answered in parts, so that one is read while the next is being written. */
const IDS_PER_CALL = 100

/** Whether the server's CapabilityStatement names the operation; a server that cannot say so now has its searches. */
function isOffered(fhir: FhirClient): Promise<boolean> {
  return capabilitiesOf(fhir).then(
    ({ offers }) => offers('Slot', DEFINITION),
    () => false,
  )
}

/** Reads `start,length,id;…`. */
function entriesOf(text: string, kind: 'taken' | 'leave', entries: BusyEntry[]): void {
  for (let at = 0; at < text.length;) {
    const afterStart = text.indexOf(',', at)
    const afterLength = text.indexOf(',', afterStart + 1)
    const next = text.indexOf(';', afterLength)
    const end = next < 0 ? text.length : next
    const startMs = Number(text.slice(at, afterStart))
    const endMs = startMs + Number(text.slice(afterStart + 1, afterLength))
    if (!(startMs < endMs)) throw new TypeError('Busy time that cannot be read')
    entries.push({ startMs, endMs, kind, slotId: text.slice(afterLength + 1, end) })
    at = end + 1
  }
}

function read({ parameter = [] }: Parameters, into: BusyFound): void {
  for (const { name, part = [], resource } of parameter) {
    if (name === 'held' && resource?.resourceType === 'Slot') into.slots.push(resource)
    if (name === 'visit' && resource?.resourceType === 'Appointment')
      into.visits.push(resource as Versioned<Appointment>)
    if (name !== 'calendar') continue
    const schedule = part.find((one) => one.name === 'schedule')?.valueReference?.reference ?? ''
    const entries: BusyEntry[] = []
    for (const one of part) {
      if (one.name === 'taken' || one.name === 'leave') entriesOf(one.valueString ?? '', one.name, entries)
    }
    into.compact.push({ schedule, entries })
  }
}

/** Busy time from a server that offers `Slot/$find-busy`; undefined when it does not. */
export async function findBusy(
  fhir: FhirClient,
  calendars: Calendars,
  actors: readonly string[],
  window: Interval,
  signal: AbortSignal,
): Promise<BusyFound | undefined> {
  if (!(await isOffered(fhir))) return undefined
  const schedules = [...calendars.values()].flat().map(({ id }) => `Schedule/${id}`)
  const references = [
    ...[...new Set(schedules)].map((reference) => ({ name: 'schedule', valueReference: { reference } })),
    ...actors.map((reference) => ({ name: 'actor', valueReference: { reference } })),
  ]
  const times = [
    { name: 'start', valueInstant: new Date(window.startMs).toISOString() },
    { name: 'end', valueInstant: new Date(window.endMs).toISOString() },
  ]
  const found: BusyFound = { compact: [], slots: [], visits: [] }
  try {
    await Promise.all(
      chunksOf(references, IDS_PER_CALL).map(async (chunk) => {
        const parameters: Parameters = { resourceType: 'Parameters', parameter: [...times, ...chunk] }
        read(
          await fhir.operation<Parameters>({ type: 'Slot', name: '$find-busy', parameters, signal }),
          found,
        )
      }),
    )
  } catch (error) {
    // another server answers at this address by now
    if (!(error instanceof FhirError) || error.code !== 'not-found') throw error
    denyOperation(fhir, DEFINITION)
    return undefined
  }
  return found
}
