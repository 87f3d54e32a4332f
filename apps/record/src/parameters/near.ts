import { isObject, type Json } from '../fhir/json.ts'
import { anyOf, badValue, splitUnescaped, type IndexCondition, type SqlPart } from './condition.ts'
import type { IndexRows } from './index-rows.ts'
import { onNumbers } from './number.ts'

const EARTH_KM = 6371.0088
const KM_PER_DEGREE = (Math.PI * EARTH_KM) / 180
/** The standard leaves the distance to the server when none is given. */
const DEFAULT_KM = 10
/** UCUM codes of length, in kilometres. */
const UNITS_KM: ReadonlyMap<string, number> = new Map([
  ['km', 1],
  ['m', 0.001],
  ['[mi_i]', 1.609344],
  ['[mi_us]', 1.609347],
  ['[nmi_i]', 1.852],
  ['[ft_i]', 0.0003048],
])

/** A position takes one row of numbers: latitude and longitude in degrees. */
export function indexPosition(p: number, value: Json, rows: IndexRows): void {
  if (!isObject(value)) return
  const { latitude, longitude } = value
  if (typeof latitude === 'number' && typeof longitude === 'number')
    rows.num.push([p, latitude, longitude, '', ''])
}

/** `latitude|longitude|distance|units`: within that distance over the earth's surface. */
export function nearCondition(p: number, code: string, values: string[]): IndexCondition {
  return onNumbers(p, (alias) => anyOf(values.map((value) => within(alias, code, value))))
}

/** A band of latitudes, which the index leads to, and the haversine within it. */
function within(alias: string, code: string, value: string): SqlPart {
  const [latitude = '', longitude = '', distance = '', unit = '', ...more] = splitUnescaped(value, '|')
  const [lat, lon, amount] = [latitude, longitude, distance === '' ? '0' : distance].map(degrees)
  const perUnit = UNITS_KM.get(unit === '' ? 'km' : unit)
  const isWrong =
    lat === undefined ||
    lon === undefined ||
    amount === undefined ||
    Math.abs(lat) > 90 ||
    Math.abs(lon) > 180 ||
    amount < 0 ||
    more.length > 0
  if (isWrong || perUnit === undefined)
    throw badValue(code, `place (latitude|longitude|distance|units of ${[...UNITS_KM.keys()].join(', ')})`)
  const km = distance === '' ? DEFAULT_KM : amount * perUnit
  const band = km / KM_PER_DEGREE
  const half = (column: string) => `sin(radians(${alias}.${column} - ?) / 2)`
  const squared = `(${half('lo')} * ${half('lo')} + cos(radians(?)) * cos(radians(${alias}.lo)) * ${half('hi')} * ${half('hi')})`
  return {
    sql: `(${alias}.lo >= ? AND ${alias}.lo <= ? AND 2 * ${EARTH_KM} * asin(min(1, sqrt(${squared}))) <= ?)`,
    args: [lat - band, lat + band, lat, lat, lat, lon, lon, km],
  }
}

function degrees(text: string): number | undefined {
  return /^[+-]?\d{1,9}(?:\.\d{1,20})?$/.test(text) ? Number(text) : undefined
}
