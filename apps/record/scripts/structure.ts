import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes'
import type { ElementRule, Invariant, TypeRule } from '../src/definitions/definitions.ts'
import type { ListedCodes } from './value-sets.ts'

const RESOURCE_KINDS = new Set(['resource', 'complex-type'])
/** Invariants that the walk over a resource checks by itself (src/validation), or that only say how narrative should look. */
const IMPLIED_INVARIANTS = new Set('ele-1 ext-1 ref-1 txt-1 txt-2 dom-2 dom-3 dom-4 dom-5 dom-6'.split(' '))
const MAX_VALUE_SET = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet'
/** Value sets that no list can hold and that the record checks by a rule. */
const BY_RULE = new Set(['mimetypes', 'currencies', 'ucum-units', 'all-languages'])
const QUANTITY_INVARIANTS: Record<string, Invariant> = {
  SimpleQuantity: {
    key: 'sqty-1',
    human: 'The comparator is not used on a SimpleQuantity',
    expression: 'comparator.empty()',
  },
  MoneyQuantity: {
    key: 'mqty-1',
    human:
      'There SHALL be a code if there is a value and it SHALL be an expression of currency. If system is present, it SHALL be ISO 4217.',
    expression: "(code.exists() or value.empty()) and (system.empty() or system = 'urn:iso:std:iso:4217')",
  },
}

/** Turns snapshots into one flat table: type (or backbone path) → property in JSON → rule. */
export function compactTypes(
  definitions: StructureDefinition[],
  codesOf: (valueSet: string) => ListedCodes | undefined,
): { types: Record<string, TypeRule>; codes: Record<string, ListedCodes> } {
  const types: Record<string, TypeRule> = {}
  const codes: Record<string, ListedCodes> = {}
  for (const definition of definitions) {
    if (!RESOURCE_KINDS.has(definition.kind) || definition.derivation === 'constraint') continue
    const root = definition.type
    for (const element of definition.snapshot?.element ?? []) {
      if (element.path === root) {
        typeAt(types, root)
        addInvariants(typeAt(types, root), element)
        continue
      }
      const parent = element.path.slice(0, element.path.lastIndexOf('.'))
      addElement(typeAt(types, parent), element, codesOf, codes)
      if (isBackbone(element)) addInvariants(typeAt(types, element.path), element)
    }
  }
  return { types, codes }
}

function typeAt(types: Record<string, TypeRule>, name: string): TypeRule {
  return (types[name] ??= { elements: {} })
}

function isBackbone(element: ElementDefinition): boolean {
  const code = element.type?.[0]?.code
  return code === 'BackboneElement' || code === 'Element'
}

function addInvariants(type: TypeRule | ElementRule, element: ElementDefinition): void {
  const found: Invariant[] = []
  for (const constraint of element.constraint ?? []) {
    if (constraint.severity !== 'error' || constraint.expression === undefined) continue
    if (IMPLIED_INVARIANTS.has(constraint.key ?? '') || constraint.key === undefined) continue
    found.push({ key: constraint.key, human: constraint.human ?? '', expression: constraint.expression })
  }
  if (found.length > 0) type.invariants = [...(type.invariants ?? []), ...found]
}

function addElement(
  type: TypeRule,
  element: ElementDefinition,
  codesOf: (valueSet: string) => ListedCodes | undefined,
  codes: Record<string, ListedCodes>,
): void {
  const name = element.path.slice(element.path.lastIndexOf('.') + 1)
  const key = boundTo(element)
  const list = key === undefined ? undefined : (codes[key] ?? codesOf(key))
  if (key !== undefined && list !== undefined) codes[key] = list
  const isChecked =
    key !== undefined && (list !== undefined || BY_RULE.has(key.slice(key.lastIndexOf('/') + 1)))
  const bound = isChecked ? { codes: key } : {}
  if (!name.endsWith('[x]')) {
    const rule = { ...ruleOf(element, 0), ...bound }
    if (!isBackbone(element)) addInvariants(rule, element)
    type.elements[name] = rule
    return
  }
  const stem = name.slice(0, -3)
  if ((element.min ?? 0) > 0) type.requiredChoices = [...(type.requiredChoices ?? []), stem]
  element.type?.forEach(({ code }, at) => {
    const property = stem + code.charAt(0).toUpperCase() + code.slice(1)
    const own = BOUND_TYPES.has(code) ? bound : {}
    const rule: ElementRule = { ...ruleOf(element, at), min: 0, choice: stem, ...own }
    addInvariants(rule, element)
    type.elements[property] = rule
  })
}

const BOUND_TYPES = new Set(['code', 'Coding', 'CodeableConcept', 'Quantity'])

/** The value set that a code must come from: a required binding, or the widest set that a preferred one allows. */
function boundTo(element: ElementDefinition): string | undefined {
  const { binding } = element
  if (binding?.strength === 'required') return binding.valueSet?.split('|')[0]
  if (element.type?.[0]?.code !== 'code') return undefined
  return binding?.extension?.find((one) => one.url === MAX_VALUE_SET)?.valueCanonical?.split('|')[0]
}

function ruleOf(element: ElementDefinition, at: number): ElementRule {
  const min = element.min ?? 0
  const isArray = (element.base?.max ?? element.max) !== '1'
  const max = element.max === '*' ? 0 : Number(element.max)
  const shape = {
    min,
    max,
    ...(isArray ? { array: true as const } : {}),
    ...(element.isSummary === true ? { summary: true as const } : {}),
  }
  if (element.contentReference !== undefined) {
    return { type: element.contentReference.slice(element.contentReference.indexOf('#') + 1), ...shape }
  }
  const own = element.type?.[at]
  const code = own?.code ?? 'Element'
  if (isBackbone(element)) return { type: element.path, ...shape }
  if (code.startsWith('http://hl7.org/fhirpath/')) {
    const fhirType = own?.extension?.find((e) => e.url.endsWith('structuredefinition-fhir-type'))
    // R4 says that the id of a resource is a string; that it must be an id is only in its text.
    const isResourceId = element.base?.path === 'Resource.id'
    const type = isResourceId ? 'id' : (fhirType?.valueUrl ?? fhirType?.valueUri ?? 'string')
    return { type, ...shape }
  }
  const rule: ElementRule = { type: code, ...shape }
  const targets = own?.targetProfile?.map((url) => url.slice(url.lastIndexOf('/') + 1)) ?? []
  if (code === 'Reference' && targets.length > 0 && !targets.includes('Resource')) rule.targets = targets
  const quantity = QUANTITY_INVARIANTS[own?.profile?.[0]?.split('/').at(-1) ?? '']
  if (quantity !== undefined) rule.invariants = [quantity]
  return rule
}
