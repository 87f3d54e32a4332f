import { contains, mergeIntervals, overlapsAny } from './interval.ts'
import type { Interval } from './interval.ts'
import { occupiedBy, visitSpan } from './openings.ts'
import { refuse } from './reason.ts'
import type { Refusal } from './reason.ts'
import type { ServiceRules, VisitMode } from './service-rules.ts'

/** A room or interpreter that may be chosen; `working` limits it to its hours. Neither list need be sorted. */
export type Candidate = {
  reference: string
  busy: readonly Interval[]
  working?: readonly Interval[] | undefined
}

export type JointChoice = { ok: true; room?: string; interpreter?: string } | Refusal

type Resources = {
  rules: ServiceRules
  /** A visit by video needs no room. */
  visitMode?: VisitMode | undefined
  rooms?: readonly Candidate[] | undefined
  /** Given: an interpreter is wanted, whether or not the service needs one. In order of preference. */
  interpreters?: readonly Candidate[] | undefined
}

function firstFree(candidates: readonly Candidate[] | undefined): (wanted: Interval) => string | undefined {
  const prepared = (candidates ?? []).map(({ reference, busy, working }) => ({
    reference,
    busy: mergeIntervals(busy),
    working: working && mergeIntervals(working),
  }))
  return (wanted) =>
    prepared.find(
      (one) => !overlapsAny(one.busy, wanted) && (one.working === undefined || contains(one.working, wanted)),
    )?.reference
}

/**
 * For many starts: the first free room (taken with buffers: it is prepared and cleaned) and the first free interpreter (taken for the visit itself), in the
 * order given, or `no-room` / `no-interpreter`. Candidates are prepared once.
 */
export function jointChooser(resources: Resources): (startMs: number) => JointChoice {
  const { rules, visitMode, rooms, interpreters } = resources
  const wantsRoom = visitMode !== 'video' && (rules.needsRoom || rooms !== undefined)
  const wantsInterpreter = rules.needsInterpreter || interpreters !== undefined
  const freeRoom = firstFree(rooms)
  const freeInterpreter = firstFree(interpreters)
  return (startMs) => {
    const room = wantsRoom ? freeRoom(occupiedBy(startMs, rules)) : undefined
    if (wantsRoom && room === undefined) return refuse('no-room')
    const interpreter = wantsInterpreter ? freeInterpreter(visitSpan(startMs, rules)) : undefined
    if (wantsInterpreter && interpreter === undefined) return refuse('no-interpreter')
    return {
      ok: true,
      ...(room === undefined ? {} : { room }),
      ...(interpreter === undefined ? {} : { interpreter }),
    }
  }
}

/** `jointChooser` for one start. */
export function combine(of: Resources & { startMs: number }): JointChoice {
  return jointChooser(of)(of.startMs)
}

/** The earliest opening of a pool, of lists sorted by start; ties go to the one named first. */
export function firstAvailable(
  pool: readonly { reference: string; openings: readonly number[] }[],
): { reference: string; startMs: number } | undefined {
  let first: { reference: string; startMs: number } | undefined
  for (const { reference, openings } of pool) {
    const startMs = openings[0]
    if (startMs !== undefined && (first === undefined || startMs < first.startMs))
      first = { reference, startMs }
  }
  return first
}
