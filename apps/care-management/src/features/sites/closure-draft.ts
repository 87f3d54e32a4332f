import { isDate } from '#/lib/date-span.ts'

/** A closure being written: calendar dates at the site, both inclusive. */
export type ClosureDraft = { startDate: string; endDate: string; reason: string }

export const EMPTY_CLOSURE: ClosureDraft = { startDate: '', endDate: '', reason: '' }

type Problem = {
  name: keyof ClosureDraft
  code: 'missing' | 'not-a-date' | 'in-the-past' | 'end-before-start'
}

/** What keeps a closure from being made. The reason is shown to patients, so there must be one. */
export function closureProblems({ startDate, endDate, reason }: ClosureDraft, today: string): Problem[] {
  const problems: Problem[] = []
  if (startDate === '') problems.push({ name: 'startDate', code: 'missing' })
  else if (!isDate(startDate)) problems.push({ name: 'startDate', code: 'not-a-date' })
  else if (startDate < today) problems.push({ name: 'startDate', code: 'in-the-past' })
  if (endDate === '') problems.push({ name: 'endDate', code: 'missing' })
  else if (!isDate(endDate)) problems.push({ name: 'endDate', code: 'not-a-date' })
  else if (isDate(startDate) && endDate < startDate)
    problems.push({ name: 'endDate', code: 'end-before-start' })
  if (reason.trim() === '') problems.push({ name: 'reason', code: 'missing' })
  return problems
}
