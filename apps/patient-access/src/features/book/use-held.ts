'use client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { type Visit, type VisitState, visitState } from '#/lib/visit.ts'
import { visitQueries } from '#/lib/visits.queries.ts'

/** The longest delay of a browser timer. */
const MOST_MS = 2_147_000_000

/** A hold as the record has it, and the visit it would move. `state` turns by itself when the time runs out. */
export function useHeld(patientId: string, holdId: string) {
  const fhir = useFhirClient()
  const hold = useQuery(visitQueries.one(fhir, patientId, holdId))
  const replacesId = hold.data?.replacesId
  const original = useQuery({
    ...visitQueries.one(fhir, patientId, replacesId ?? ''),
    enabled: replacesId !== undefined,
  })
  const [now, setNow] = useState(Date.now)
  const endsMs = Date.parse(hold.data?.heldUntil ?? '')
  useEffect(() => {
    if (Number.isNaN(endsMs)) return
    const timer = setTimeout(
      () => setNow(Date.now()),
      Math.min(Math.max(0, endsMs - Date.now() + 50), MOST_MS),
    )
    return () => clearTimeout(timer)
  }, [endsMs, now])
  const state: VisitState | undefined = hold.data && visitState(hold.data, now)
  const isWaiting = hold.isPending || (replacesId !== undefined && original.isPending)
  return {
    hold,
    original: original.data as Visit | undefined,
    originalError: original.error,
    state,
    isWaiting,
  }
}
