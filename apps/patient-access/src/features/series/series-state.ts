/** The series to check, as it stands in the address. */
export type SeriesState = {
  startsAt: string
  clinicianId: string
  siteId: string | undefined
  mode: 'in-person' | 'video' | undefined
  interpreter: string | undefined
  count: number
  everyWeeks: number
}

const ID = /^[A-Za-z0-9\-.]{1,64}$/
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** Undefined when the address does not name a series. */
export function readSeriesState(parameters: {
  get: (name: string) => string | null
}): SeriesState | undefined {
  const startsAt = parameters.get('start') ?? ''
  const clinicianId = parameters.get('clinician') ?? ''
  const siteId = parameters.get('site') ?? ''
  const mode = parameters.get('mode')
  const interpreter = parameters.get('interpreter') ?? ''
  const count = Number(parameters.get('count'))
  const everyWeeks = Number(parameters.get('every') ?? 1)
  const isWhole = Number.isInteger(count) && Number.isInteger(everyWeeks)
  if (!INSTANT.test(startsAt) || Number.isNaN(Date.parse(startsAt)) || !ID.test(clinicianId)) return undefined
  if (!isWhole || count < 2 || count > 26 || everyWeeks < 1 || everyWeeks > 8) return undefined
  return {
    startsAt,
    clinicianId,
    siteId: ID.test(siteId) ? siteId : undefined,
    mode: mode === 'video' || mode === 'in-person' ? mode : undefined,
    interpreter: /^[a-z]{2,3}$/.test(interpreter) ? interpreter : undefined,
    count,
    everyWeeks,
  }
}
