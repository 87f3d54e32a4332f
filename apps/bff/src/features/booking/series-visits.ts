import type { Appointment, Bundle } from '@medplum/fhirtypes'
import { EXTENSION, getExtension, type Versioned } from '@openward/fhir-client'
import { type Scope, scopeOfSeries } from '@openward/scheduling'

import type { OperationContext } from '#/lib/operation.ts'

import type { StoredAppointment } from './calendar-writes.ts'
import { NO_CACHE } from './calendars.ts'
import { actingInVisit } from './permission.ts'
import { patientOf } from './visit-state.ts'

/** The visits that a change of this one touches, as stored now. A series is found by its identifier, which each of its visits carries. */
export async function visitsInScope(
  context: OperationContext,
  visit: Versioned<Appointment>,
  scope: Scope,
): Promise<Versioned<Appointment>[]> {
  const series = getExtension(visit, EXTENSION.series)?.valueIdentifier
  if (scope === 'this' || series?.value === undefined) return [visit]
  const all = await context.fhir.searchAll(
    'Appointment',
    { identifier: `${series.system ?? ''}|${series.value}`, _count: 200 },
    { signal: context.signal, headers: NO_CACHE },
  )
  const own = all.filter((one) => patientOf(one) === patientOf(visit) && actingInVisit(context.caller, one))
  const chosen = scopeOfSeries(own, visit, scope, context.now())
  return own
    .filter((one) => chosen.some(({ id }) => id === one.id))
    .sort((a, b) => Date.parse(a.start ?? '') - Date.parse(b.start ?? ''))
}

/** The visits of a series as booked. */
export function seriesBundle(visits: readonly StoredAppointment[]): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: visits.map((resource) => ({ fullUrl: `Appointment/${resource.id}`, resource })),
  }
}
