const DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/
const DATE_TIME =
  /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00)))?)?)?$/
const INSTANT =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))$/
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?$/
const MAX_STRING = 1024 * 1024
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/
const OID = /^urn:oid:[0-2](\.(0|[1-9]\d*))+$/
const UUID = /^urn:uuid:[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/
/** As a uri it may come from elsewhere in capitals. */
const ANY_UUID = new RegExp(UUID, 'i')

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_STRING && !CONTROL.test(value)
}

function isWhole(value: unknown, lowest: number): boolean {
  return Number.isInteger(value) && (value as number) >= lowest && (value as number) <= 2_147_483_647
}

function isDayThatExists(text: string): boolean {
  if (text.startsWith('0000')) return false
  if (text.length < 10) return true
  const day = Number(text.slice(8, 10))
  if (day <= 28) return true
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
}

function matching(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value)
}

function isUri(value: unknown): boolean {
  if (!isText(value) || /\s/.test(value)) return false
  if (!value.startsWith('urn:')) return true
  if (value.startsWith('urn:uuid:')) return ANY_UUID.test(value)
  return !value.startsWith('urn:oid:') || OID.test(value)
}

/** Four characters for three bytes, filled up with "=". White space between them is allowed. */
function isBase64(value: unknown): boolean {
  if (typeof value !== 'string' || value.length === 0) return false
  const plain = /\s/.test(value) ? value.replace(/\s+/g, '') : value
  return plain.length > 0 && plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain)
}

/** Is this a value of that primitive type? */
export const primitives: Record<string, (value: unknown) => boolean> = {
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => isWhole(value, -2_147_483_648),
  unsignedInt: (value) => isWhole(value, 0),
  positiveInt: (value) => isWhole(value, 1),
  decimal: (value) => typeof value === 'number' && Number.isFinite(value),
  string: isText,
  markdown: isText,
  xhtml: isText,
  code: (value) => isText(value) && /^\S+( \S+)*$/.test(value),
  id: matching(/^[A-Za-z0-9.-]{1,64}$/),
  uri: isUri,
  url: isUri,
  canonical: isUri,
  oid: matching(OID),
  uuid: matching(UUID),
  base64Binary: isBase64,
  date: (value) => typeof value === 'string' && DATE.test(value) && isDayThatExists(value),
  dateTime: (value) => typeof value === 'string' && DATE_TIME.test(value) && isDayThatExists(value),
  instant: (value) => typeof value === 'string' && INSTANT.test(value) && isDayThatExists(value),
  time: matching(TIME),
}
