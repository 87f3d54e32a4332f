import { definitions } from '../definitions/definitions.ts'
import { isObject, type Json } from '../fhir/json.ts'

/** Is the code, Coding, CodeableConcept or Quantity one of a value set? */
export type Membership = (value: Json) => boolean

const UCUM = 'http://unitsofmeasure.org'
const MIME_TYPE = /^[A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+*-]+(?: ?; ?\S+)*$/
/** Where R4 says "a mime type" it means these short names too, but only for what a server speaks. */
const FORMATS = new Set(['json', 'xml', 'ttl'])
const LANGUAGE = /^(?:[A-Za-z]{2,8}|[xi](?=-))(?:-[A-Za-z0-9]{1,8})*$/
const currencies = new Set(Intl.supportedValuesOf('currency'))

/** Sets that no list can hold: what is known of their codes by rule. */
const RULES: Record<string, (system: string | undefined, code: string) => boolean> = {
  'http://hl7.org/fhir/ValueSet/mimetypes': (_system, code) => MIME_TYPE.test(code) || FORMATS.has(code),
  'http://hl7.org/fhir/ValueSet/all-languages': (_system, code) => LANGUAGE.test(code),
  'http://hl7.org/fhir/ValueSet/currencies': (_system, code) => currencies.has(code),
  'http://hl7.org/fhir/ValueSet/ucum-units': (system, code) =>
    (system === undefined || system === UCUM) && isUnit(code),
}

/** The shape of a UCUM unit: printable ASCII without spaces, brackets in pairs. */
function isUnit(code: string): boolean {
  if (!/^[\u0021-\u007e]+$/.test(code)) return false
  const open: string[] = []
  for (const character of code) {
    if (character === '[' || character === '{' || character === '(') open.push(character)
    else if (character === ']' && open.pop() !== '[') return false
    else if (character === '}' && open.pop() !== '{') return false
    else if (character === ')' && open.pop() !== '(') return false
  }
  return open.length === 0
}

/** Undefined where nothing is known of the value set. */
export function membershipOf(valueSet: string, type: string): Membership | undefined {
  const rule = RULES[valueSet] ?? listed(valueSet, type)
  if (rule === undefined) return undefined
  return membershipBy(type, (system, code) => rule(system, code))
}

/** A CodeableConcept needs one Coding of the set; what is only said in words is not in it. */
export function membershipBy(
  type: string,
  holds: (system: string | undefined, code: string) => boolean,
): Membership {
  const holdsCoding = (value: Json) => {
    if (!isObject(value) || typeof value['code'] !== 'string') return false
    const system = value['system']
    return typeof system === 'string' && holds(system, value['code'])
  }
  if (type === 'CodeableConcept')
    return (value) => isObject(value) && Array.isArray(value['coding']) && value['coding'].some(holdsCoding)
  if (type === 'Coding') return holdsCoding
  if (type === 'Quantity')
    return (value) => isObject(value) && (value['code'] === undefined || holdsCoding(value))
  return (value) => typeof value === 'string' && holds(undefined, value)
}

function listed(
  valueSet: string,
  type: string,
): ((system: string | undefined, code: string) => boolean) | undefined {
  const systems = definitions.codes[valueSet]
  if (systems === undefined) return undefined
  if (type !== 'Coding' && type !== 'CodeableConcept' && type !== 'Quantity') {
    const all = new Set(Object.values(systems).flat())
    return (_system, code) => all.has(code)
  }
  const sets = new Map(Object.entries(systems).map(([system, codes]) => [system, new Set(codes)]))
  return (system, code) => sets.get(system ?? '')?.has(code) === true
}
