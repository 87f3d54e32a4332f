import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes'
import type { ElementRule, Invariant, TypeRule } from '../src/definitions/definitions.ts'

const RESOURCE_KINDS = new Set(['resource', 'complex-type'])
/** Invariants that our structural checks already guarantee, or that only say how narrative should look. */
const IMPLIED_INVARIANTS = new Set(['ele-1', 'ext-1', 'dom-2', 'dom-3', 'dom-4', 'dom-5', 'dom-6'])

/** Turns snapshots into one flat table: type (or backbone path) → property in JSON → rule. */
export function compactTypes(
  definitions: StructureDefinition[],
  codesOf: (valueSet: string) => string[] | undefined,
): { types: Record<string, TypeRule>; codes: Record<string, string[]> } {
  const types: Record<string, TypeRule> = {}
  const codes: Record<string, string[]> = {}
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

function addInvariants(type: TypeRule, element: ElementDefinition): void {
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
  codesOf: (valueSet: string) => string[] | undefined,
  codes: Record<string, string[]>,
): void {
  const name = element.path.slice(element.path.lastIndexOf('.') + 1)
  const rule = ruleOf(element)
  const valueSet = element.binding?.strength === 'required' ? element.binding.valueSet : undefined
  if (valueSet !== undefined) {
    const key = valueSet.split('|')[0] ?? valueSet
    const list = codes[key] ?? codesOf(key)
    if (list !== undefined) {
      codes[key] = list
      rule.codes = key
    }
  }
  if (!name.endsWith('[x]')) {
    type.elements[name] = rule
    return
  }
  const stem = name.slice(0, -3)
  if (rule.min > 0) type.requiredChoices = [...(type.requiredChoices ?? []), stem]
  for (const { code } of element.type ?? []) {
    const typeCode = code ?? ''
    const property = stem + typeCode.charAt(0).toUpperCase() + typeCode.slice(1)
    const bound = rule.codes !== undefined && typeCode === 'code' ? { codes: rule.codes } : {}
    type.elements[property] = { type: typeCode, min: 0, max: rule.max, choice: stem, ...bound }
  }
}

function ruleOf(element: ElementDefinition): ElementRule {
  const min = element.min ?? 0
  const isArray = (element.base?.max ?? element.max) !== '1'
  const max = element.max === '*' ? 0 : Number(element.max)
  const shape = { min, max, ...(isArray ? { array: true as const } : {}) }
  if (element.contentReference !== undefined) {
    return { type: element.contentReference.slice(element.contentReference.indexOf('#') + 1), ...shape }
  }
  const first = element.type?.[0]
  const code = first?.code ?? 'Element'
  if (isBackbone(element)) return { type: element.path, ...shape }
  if (code.startsWith('http://hl7.org/fhirpath/')) {
    const fhirType = first?.extension?.find((e) => e.url.endsWith('structuredefinition-fhir-type'))
    return { type: fhirType?.valueUrl ?? fhirType?.valueUri ?? 'string', ...shape }
  }
  const rule: ElementRule = { type: code, ...shape }
  const targets = first?.targetProfile?.map((url) => url.slice(url.lastIndexOf('/') + 1)) ?? []
  if (targets.length > 0 && !targets.includes('Resource')) rule.targets = targets
  return rule
}
