import type { JsonObject } from '../fhir/json.ts'
import { has, hasChoice, listOf } from './properties.ts'

type Holds = (value: JsonObject) => boolean

const WITH_OPTIONS = new Set([
  'choice',
  'open-choice',
  'decimal',
  'integer',
  'date',
  'dateTime',
  'time',
  'string',
  'quantity',
])
const WITH_LENGTH = new Set(['boolean', 'decimal', 'integer', 'string', 'text', 'url', 'open-choice'])
const POINTERS = new Set(['Reference', 'canonical'])
const WITH_REQUESTS = new Set(['batch', 'transaction', 'history'])
const WITH_RESPONSES = new Set(['batch-response', 'transaction-response', 'history'])
const VALUES = ['defaultValue', 'fixed', 'pattern', 'minValue', 'maxValue']
const OTHERS = ['type', 'example', 'maxLength', 'binding']

/** Of questionnaires, profiles and bundles, whose items, elements and entries may be thousands: the same as their expressions, a hundred times faster. */
export const FOR_LONG_LISTS: Readonly<Record<string, Holds>> = {
  'bdl-2': (bundle) =>
    bundle['type'] === 'searchset' || !listOf(bundle['entry']).some((entry) => has(entry, 'search')),
  'bdl-3': (bundle) => haveWhere(bundle, 'request', WITH_REQUESTS.has(String(bundle['type']))),
  'bdl-4': (bundle) => haveWhere(bundle, 'response', WITH_RESPONSES.has(String(bundle['type']))),
  'bdl-5': (entry) => has(entry, 'resource') || has(entry, 'request') || has(entry, 'response'),
  'bdl-8': (entry) => !String(entry['fullUrl'] ?? '').includes('/_history/'),
  'que-3': (item) => item['type'] !== 'display' || !has(item, 'code'),
  'que-4': (item) => !has(item, 'answerOption') || !has(item, 'answerValueSet'),
  'que-5': (item) =>
    WITH_OPTIONS.has(String(item['type'])) || (!has(item, 'answerValueSet') && !has(item, 'answerOption')),
  'que-6': (item) => item['type'] !== 'display' || (!has(item, 'required') && !has(item, 'repeats')),
  'que-7': (when) => when['operator'] !== 'exists' || has(when, 'answerBoolean'),
  'que-8': (item) => (item['type'] !== 'group' && item['type'] !== 'display') || !has(item, 'initial'),
  'que-9': (item) => item['type'] !== 'display' || !has(item, 'readOnly'),
  'que-10': (item) => WITH_LENGTH.has(String(item['type'])) || !has(item, 'maxLength'),
  'que-11': (item) => !has(item, 'answerOption') || !has(item, 'initial'),
  'que-13': (item) => item['repeats'] === true || listOf(item['initial']).length < 2,
  'eld-1': (slicing) => has(slicing, 'discriminator') || has(slicing, 'description'),
  'eld-2': ({ min, max }) =>
    typeof min !== 'number' || typeof max !== 'string' || max === '*' || !(min > Number(max)),
  'eld-4': (type) => !has(type, 'aggregation') || POINTERS.has(String(type['code'])),
  'eld-5': (element) =>
    !has(element, 'contentReference') ||
    (!VALUES.some((stem) => hasChoice(element, stem)) && !OTHERS.some((name) => has(element, name))),
  'eld-6': (element) => !hasChoice(element, 'fixed') || listOf(element['type']).length < 2,
  'eld-7': (element) => !hasChoice(element, 'pattern') || listOf(element['type']).length < 2,
  'eld-8': (element) => !hasChoice(element, 'pattern') || !hasChoice(element, 'fixed'),
  // As it is written it holds for every element that has a type.
  'eld-11': () => true,
  'eld-15': (element) => !hasChoice(element, 'defaultValue') || !has(element, 'meaningWhenMissing'),
  'eld-17': (type) => POINTERS.has(String(type['code'])) || !has(type, 'targetProfile'),
  'eld-18': (element) => element['isModifier'] !== true || has(element, 'isModifierReason'),
  'eld-22': (element) => !has(element, 'sliceIsConstraining') || has(element, 'sliceName'),
  'sdf-3': (snapshot) =>
    listOf(snapshot['element']).every((one) => has(one, 'definition') && has(one, 'min') && has(one, 'max')),
  'sdf-8b': (snapshot) => listOf(snapshot['element']).every((one) => has(one, 'base')),
}

function haveWhere(bundle: JsonObject, name: string, isMeant: boolean): boolean {
  return listOf(bundle['entry']).every((entry) => has(entry, name) === isMeant)
}
