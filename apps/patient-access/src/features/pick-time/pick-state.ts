import type { Criteria } from '#/lib/criteria.ts'

/** What the picker shows. It lives in the address, so that back, forward and reload keep it. */
export type PickState = Criteria & {
  /** Every clinic was asked for; otherwise no clinic in the address means the one the person goes to. */
  isAnySite: boolean
  view: 'calendar' | 'list'
  /** `YYYY-MM`. */
  month: string | undefined
  /** `YYYY-MM-DD`. */
  day: string | undefined
  /** How many weekly visits; undefined for one. */
  repeat: number | undefined
  everyWeeks: number
}

type Reader = { get: (name: string) => string | null; getAll: (name: string) => string[] }

const ID = /^[A-Za-z0-9\-.]{1,64}$/
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/
const ANY = 'any'
const MODES = ['in-person', 'video'] as const
const PARTS = ['morning', 'afternoon', 'evening'] as const
export const MOST_WEEKS = 26
const MOST_INTERVAL = 8

function idOf(value: string | null): string | undefined {
  return value !== null && ID.test(value) ? value : undefined
}

function languageOf(value: string | null): string | undefined {
  return value !== null && LANGUAGE.test(value) ? value : undefined
}

function wholeNumber(value: string | null, least: number, most: number): number | undefined {
  const number = /^\d{1,3}$/.test(value ?? '') ? Number(value) : Number.NaN
  return number >= least && number <= most ? number : undefined
}

function isRealDate(value: string): boolean {
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

/** Reads an address; anything in it that makes no sense counts as not given. */
export function readPickState(parameters: Reader): PickState {
  const month = parameters.get('month') ?? ''
  const day = parameters.get('day') ?? ''
  return {
    clinicianIds: [...new Set(parameters.getAll('clinician'))].filter((id) => ID.test(id)).slice(0, 20),
    siteId: parameters.get('site') === ANY ? undefined : idOf(parameters.get('site')),
    isAnySite: parameters.get('site') === ANY,
    mode: MODES.find((mode) => mode === parameters.get('mode')),
    part: PARTS.find((part) => part === parameters.get('part')),
    language: languageOf(parameters.get('language')),
    interpreter: languageOf(parameters.get('interpreter')),
    movesId: idOf(parameters.get('moves')),
    view: parameters.get('view') === 'list' ? 'list' : 'calendar',
    month: /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? month : undefined,
    day: /^\d{4}-\d\d-\d\d$/.test(day) && isRealDate(day) ? day : undefined,
    repeat: wholeNumber(parameters.get('repeat'), 2, MOST_WEEKS),
    everyWeeks: wholeNumber(parameters.get('every'), 1, MOST_INTERVAL) ?? 1,
  }
}

/** The state as a query string without `?`; defaults are left out. */
export function writePickState(state: Partial<PickState>): string {
  const parameters = new URLSearchParams()
  const add = (name: string, value: string | number | undefined) => {
    if (value !== undefined) parameters.append(name, String(value))
  }
  for (const id of state.clinicianIds ?? []) add('clinician', id)
  add('site', state.isAnySite === true ? ANY : state.siteId)
  add('mode', state.mode)
  add('part', state.part)
  add('language', state.language)
  add('interpreter', state.interpreter)
  add('moves', state.movesId)
  add('view', state.view === 'list' ? 'list' : undefined)
  add('month', state.month)
  add('day', state.day)
  add('repeat', state.repeat)
  add('every', state.repeat !== undefined && state.everyWeeks !== 1 ? state.everyWeeks : undefined)
  return parameters.toString()
}
