const DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/
const DATE_TIME =
  /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00)))?)?)?$/
const INSTANT =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))$/
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?$/
const MAX_STRING = 1024 * 1024

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_STRING
}

function isWhole(value: unknown, lowest: number): boolean {
  return Number.isInteger(value) && (value as number) >= lowest && (value as number) <= 2_147_483_647
}

function isDayThatExists(text: string): boolean {
  if (text.length < 10) return true
  const day = Number(text.slice(8, 10))
  if (day <= 28) return true
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
}

function matching(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value)
}

/** Is this a value of that primitive type? */
export const primitives: Record<string, (value: unknown) => boolean> = {
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => isWhole(value, -2_147_483_648),
  unsignedInt: (value) => isWhole(value, 0),
  positiveInt: (value) => isWhole(value, 1),
  decimal: (value) => typeof value === 'number' && Number.isFinite(value),
  string: (value) => isText(value),
  markdown: (value) => isText(value),
  xhtml: (value) => isText(value),
  code: (value) => isText(value) && /^\S+( \S+)*$/.test(value),
  id: matching(/^[A-Za-z0-9.-]{1,64}$/),
  uri: (value) => isText(value) && !/\s/.test(value),
  url: (value) => isText(value) && !/\s/.test(value),
  canonical: (value) => isText(value) && !/\s/.test(value),
  oid: matching(/^urn:oid:[0-2](\.(0|[1-9]\d*))+$/),
  uuid: matching(/^urn:uuid:[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/),
  base64Binary: (value) => typeof value === 'string' && value.length > 0 && /^[A-Za-z0-9+/=\s]*$/.test(value),
  date: (value) => typeof value === 'string' && DATE.test(value) && isDayThatExists(value),
  dateTime: (value) => typeof value === 'string' && DATE_TIME.test(value) && isDayThatExists(value),
  instant: (value) => typeof value === 'string' && INSTANT.test(value) && isDayThatExists(value),
  time: matching(TIME),
}
