import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { FhirClient, type FhirTransport, fetchTransport } from '@openward/fhir-client'

import { startTestRecord } from './record.ts'

/** The real record with a folder of its own, and the transport that reaches it: tests of the calendar protocol come between. */
export type BookingRecord = {
  transport: FhirTransport
  fhir: FhirClient
  /** Ends the process and starts another one over the same files. */
  restart: () => Promise<void>
  stop: () => Promise<void>
}

export async function startBookingRecord(): Promise<BookingRecord> {
  const folder = await mkdtemp(join(tmpdir(), 'openward-booking-'))
  let record = await startTestRecord(folder, ['openward'])
  const headers = () => ({ authorization: `Bearer ${record.secret}` })
  const reach = () =>
    fetchTransport({ baseUrl: record.baseUrl.replace('{organization}', 'openward'), headers })
  let current = reach()
  const transport: FhirTransport = {
    get baseUrl() {
      return current.baseUrl
    },
    send: (request) => current.send(request),
  }
  return {
    transport,
    fhir: new FhirClient(transport),
    restart: async () => {
      await record.stop()
      record = await startTestRecord(folder, ['openward'])
      current = reach()
    },
    stop: async () => {
      await record.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
