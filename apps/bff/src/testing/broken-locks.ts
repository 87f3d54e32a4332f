import type { Bundle, BundleEntry, Schedule } from '@medplum/fhirtypes'
import { EXTENSION, type FhirRequest, type FhirTransport, withExtension } from '@openward/fhir-client'

/** A part of the lock that a test takes out, to show that it is what keeps bookings apart. */
export type Breakage = 'without if-match' | 'with the old revision'

/** As many transactions as may be written at once wait here until all have decided, so that they race every time. */
export type Gate = { arrive: () => Promise<void> }

export function gateFor(count: number): Gate {
  let waiting = 0
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return {
    arrive: async () => {
      waiting += 1
      if (waiting >= count) open()
      await opened
    },
  }
}

function isSchedule(entry: BundleEntry): entry is BundleEntry & { resource: Schedule } {
  return entry.resource?.resourceType === 'Schedule'
}

function broken(entry: BundleEntry, breakage: Breakage): BundleEntry {
  if (breakage === 'without if-match' && entry.request !== undefined) {
    const { ifMatch: _condition, ...request } = entry.request
    return { ...entry, request }
  }
  if (breakage !== 'with the old revision' || !isSchedule(entry)) return entry
  // calendars of these races were never written before: their old revision is none
  return { ...entry, resource: withExtension(entry.resource, EXTENSION.calendarRevision, undefined) }
}

function transactionIn(request: FhirRequest): Bundle | undefined {
  if (request.method !== 'POST' || request.path !== '' || request.body === undefined) return undefined
  const bundle: Bundle = JSON.parse(request.body)
  const isOfVisit = bundle.entry?.some(({ resource }) => resource?.resourceType === 'Appointment')
  return bundle.type === 'transaction' && isOfVisit === true ? bundle : undefined
}

/** A transport that lets transactions of visits meet at the gate, and takes a part of their lock out on the way. */
export function meddlingTransport(
  inner: FhirTransport,
  { gate, breakage }: { gate?: Gate; breakage?: Breakage | undefined },
): FhirTransport {
  return {
    get baseUrl() {
      return inner.baseUrl
    },
    send: async (request) => {
      const transaction = transactionIn(request)
      if (transaction === undefined) return inner.send(request)
      await gate?.arrive()
      if (breakage === undefined) return inner.send(request)
      const entry = (transaction.entry ?? []).map((one) => broken(one, breakage))
      return inner.send({ ...request, body: JSON.stringify({ ...transaction, entry }) })
    },
  }
}
