import { definitions, type ParameterType, type SearchParam } from '../definitions/definitions.ts'
import { BEGINNING, END } from '../fhir/dates.ts'
import type { JsonObject } from '../fhir/json.ts'
import type { ParameterNumbers } from '../store/open.ts'
import { type BusyRow, busyRows } from './busy.ts'
import { indexComposite } from './composite.ts'
import { indexDate } from './date.ts'
import { noIndexRows, type IndexRows } from './index-rows.ts'
import { indexPosition } from './near.ts'
import { indexNumber } from './number.ts'
import { indexQuantity } from './quantity.ts'
import { indexReference } from './reference.ts'
import { indexString } from './string.ts'
import { indexToken } from './token.ts'
import { indexUri } from './uri.ts'
import { valuesAt } from './walk.ts'

/**
 * The system, which no code has, of the row for an element that is there and says nothing searchable (a concept in
 * words, a contained reference, an age as a date): `:missing` must know of it.
 */
const UNSEARCHABLE = '\u0000'

/** Where the rows of each type of parameter go. */
const ROWS = {
  token: 'tok',
  reference: 'ref',
  string: 'str',
  date: 'date',
  number: 'num',
  quantity: 'num',
  uri: 'uri',
  composite: 'pair',
  special: 'num',
} as const satisfies Record<ParameterType, keyof IndexRows>

/** Says that a resource has no primary date, so that a walk through the dates knows whether it finds all. */
function undated(p: number): [number, number, number] {
  return [-p, 0, 0]
}

export interface Extracted {
  rows: IndexRows
  /** The resource's primary date, leading its reference rows. */
  primaryDate: number
  /** Ids of the patients in whose compartment the resource is. */
  patients: string[]
  /** Whose time the resource takes. */
  busy: BusyRow[]
}

interface Numbered {
  code: string
  p: number
  param: SearchParam
}

const known = new WeakMap<ParameterNumbers, Map<string, Numbered[]>>()

/** The parameters of a type with their numbers, put together once: this is asked for every resource. */
function numbered(type: string, numbers: ParameterNumbers): Numbered[] {
  const types = known.get(numbers) ?? new Map<string, Numbered[]>()
  known.set(numbers, types)
  let own = types.get(type)
  if (own === undefined) {
    own = Object.entries(definitions.search[type] ?? {}).flatMap(([code, param]) => {
      const p = numbers.get(type)?.get(code)
      return p === undefined ? [] : [{ code, p, param }]
    })
    types.set(type, own)
  }
  return own
}

/** All index rows of a resource: every search parameter of its type, by plain property walks. */
export function extract(
  resource: JsonObject,
  type: string,
  numbers: ParameterNumbers,
  base: string,
): Extracted {
  const rows = noIndexRows()
  const patients = new Set<string>(type === 'Patient' ? [String(resource['id'])] : [])
  const ownNumbers = numbers.get(type)
  const primary = definitions.primaryDates[type]
  let primaryDate = BEGINNING
  for (const { code, p, param } of numbered(type, numbers)) {
    const refsBefore = rows.ref.length
    const datesBefore = rows.date.length
    const own = rows[ROWS[param.type]]
    const valuesBefore = own.length
    let isPresent = false
    if (param.composite !== undefined) indexComposite(p, param.composite, resource, base, rows)
    for (const path of param.paths) {
      for (const value of valuesAt(resource, path.steps)) {
        isPresent = true
        switch (param.type) {
          case 'token':
            indexToken(p, value, path.type, rows)
            break
          case 'reference':
            indexReference(p, value, base, rows)
            break
          case 'date':
            if (path.type !== 'string') indexDate(p, value, rows)
            break
          case 'string':
            indexString(p, value, path.type, rows)
            break
          case 'number':
            indexNumber(p, value, rows)
            break
          case 'quantity':
            indexQuantity(p, value, rows)
            break
          case 'uri':
            indexUri(p, value, rows)
            break
          case 'special':
            indexPosition(p, value, rows)
            break
          case 'composite':
            // it has no path of its own: `indexComposite` looks at what it combines
            break
        }
      }
    }
    if (isPresent && own.length === valuesBefore) rows.tok.push([p, '', UNSEARCHABLE])
    if (param.patientCompartment === true) {
      for (const [, id, target] of rows.ref.slice(refsBefore)) if (target === 'Patient') patients.add(id)
    }
    if (code === primary && rows.date.length > datesBefore) {
      primaryDate = END
      for (const [, lo] of rows.date.slice(datesBefore)) primaryDate = Math.min(primaryDate, lo)
    } else if (code === primary && param.single === true) rows.date.push(undated(p))
  }
  const refsOf = (code: string) => {
    const p = ownNumbers?.get(code)
    return rows.ref.filter((row) => row[0] === p).map((row) => ({ id: row[1], type: row[2] }))
  }
  return { rows, primaryDate, patients: [...patients], busy: busyRows(resource, type, base, refsOf) }
}
