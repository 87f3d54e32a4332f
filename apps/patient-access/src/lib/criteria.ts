/** What a person asked of a time. */
export type Criteria = {
  clinicianIds: readonly string[]
  siteId: string | undefined
  mode: 'in-person' | 'video' | undefined
  part: 'morning' | 'afternoon' | 'evening' | undefined
  /** Language the clinician speaks. */
  language: string | undefined
  /** Language an interpreter is wanted for. */
  interpreter: string | undefined
  /** The visit that is being moved. */
  movesId: string | undefined
}

/** Which filters narrow the search; the visit being moved is not one of them. */
export function narrowing(
  criteria: Criteria,
): readonly ('clinicianIds' | 'siteId' | 'mode' | 'part' | 'language' | 'interpreter')[] {
  const names = ['siteId', 'mode', 'part', 'language', 'interpreter'] as const
  const set = names.filter((name) => criteria[name] !== undefined)
  return criteria.clinicianIds.length > 0 ? ['clinicianIds', ...set] : set
}

/** The same wish with less that narrows it: the other choices go first, the clinic only when it is the last one. */
export function widened(criteria: Criteria): Criteria {
  const isOnlySite = narrowing(criteria).every((name) => name === 'siteId')
  return {
    clinicianIds: [],
    siteId: isOnlySite ? undefined : criteria.siteId,
    mode: undefined,
    part: undefined,
    language: undefined,
    // An interpreter is a need, not a preference.
    interpreter: criteria.interpreter,
    movesId: criteria.movesId,
  }
}
