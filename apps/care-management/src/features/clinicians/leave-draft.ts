import { endOfDate, instantAt, isDate, startOfDate } from '#/lib/date-span.ts'

/** Leave being written, in wall time at the clinician's site; times are empty for whole days. */
export type LeaveDraft = {
  startDate: string
  endDate: string
  isWholeDays: boolean
  startTime: string
  endTime: string
  comment: string
}

export const EMPTY_LEAVE: LeaveDraft = {
  startDate: '',
  endDate: '',
  isWholeDays: true,
  startTime: '',
  endTime: '',
  comment: '',
}

type Problem = {
  name: 'startDate' | 'endDate' | 'startTime' | 'endTime'
  code: 'missing' | 'not-a-date' | 'not-a-time' | 'in-the-past' | 'end-before-start'
}

function problemOfDate(date: string): 'missing' | 'not-a-date' | undefined {
  if (date === '') return 'missing'
  return isDate(date) ? undefined : 'not-a-date'
}

/** What keeps leave from being entered. */
export function leaveProblems(draft: LeaveDraft, today: string): Problem[] {
  const problems: Problem[] = []
  for (const name of ['startDate', 'endDate'] as const) {
    const code = problemOfDate(draft[name])
    if (code) problems.push({ name, code })
  }
  if (problems.length > 0) return problems
  if (draft.endDate < today) problems.push({ name: 'endDate', code: 'in-the-past' })
  if (draft.endDate < draft.startDate) problems.push({ name: 'endDate', code: 'end-before-start' })
  if (draft.isWholeDays) return problems
  if (draft.startTime === '') problems.push({ name: 'startTime', code: 'missing' })
  if (draft.endTime === '') problems.push({ name: 'endTime', code: 'missing' })
  const isSameDay = draft.startDate === draft.endDate
  if (isSameDay && draft.startTime !== '' && draft.endTime !== '' && draft.endTime <= draft.startTime)
    problems.push({ name: 'endTime', code: 'end-before-start' })
  return problems
}

/** The instants of leave without problems; whole days run from midnight to midnight at the site, also over a change of clocks. */
export function leaveSpan(draft: LeaveDraft, timeZone: string): { startsAt: string; endsAt: string } {
  return draft.isWholeDays
    ? { startsAt: startOfDate(draft.startDate, timeZone), endsAt: endOfDate(draft.endDate, timeZone) }
    : {
        startsAt: instantAt(draft.startDate, draft.startTime, timeZone),
        endsAt: instantAt(draft.endDate, draft.endTime, timeZone),
      }
}
