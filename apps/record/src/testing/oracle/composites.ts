import type { TypedValue } from '@medplum/core'
import type { Resource } from '@medplum/fhirtypes'
import { questionsFor } from './ask.ts'
import { compositeOf, findIn, type OfficialComposite, type OfficialParameter } from './definitions.ts'
import { matches } from './match.ts'

const seen = new WeakMap<Resource, Map<OfficialComposite, TypedValue[][][]>>()

/** Each element that can hold a whole combination, as what each component finds in it. */
function elementsOf(resource: Resource, composite: OfficialComposite): TypedValue[][][] {
  const known = seen.get(resource) ?? new Map<OfficialComposite, TypedValue[][][]>()
  seen.set(resource, known)
  const found = known.get(composite) ?? findElements(resource, composite)
  known.set(composite, found)
  return found
}

function findElements(resource: Resource, composite: OfficialComposite): TypedValue[][][] {
  const whole = { type: resource.resourceType, value: resource }
  return composite.expression
    .split(' | ')
    .flatMap((part) => (part === resource.resourceType ? [whole] : findIn(whole, part, resource)))
    .map((element) =>
      composite.components.map(({ expression }) =>
        expression.split(' | ').flatMap((part) => findIn(element, part, resource)),
      ),
    )
}

/** The components of DocumentReference.relationship are defined the wrong way around, so the value decides. */
function parameterFor(composite: OfficialComposite, at: number, found: TypedValue): OfficialParameter {
  const type = composite.components[at]?.type ?? 'token'
  const isReference =
    found.type === 'Reference' && composite.components.some((one) => one.type === 'reference')
  const actual = isReference ? 'reference' : type === 'reference' ? 'token' : type
  return { code: '', type: actual, expression: '', targets: [] }
}

export function matchesComposite(resource: Resource, code: string, asked: string, base: string): boolean {
  const composite = compositeOf(resource.resourceType, code)
  if (composite === undefined) return false
  const parts = asked.split(/(?<=(?<!\\)(?:\\\\)*)\$/)
  return elementsOf(resource, composite).some((found) =>
    found.every((values, at) =>
      values.some((value) => {
        const parameter = parameterFor(composite, at, value)
        return matches(parameter, value, undefined, parts[at] ?? '', base)
      }),
    ),
  )
}

const MOST_OF_EACH = 4

/** Combinations that stand together in a resource, and some that do not. */
export function compositeQuestions(resource: Resource, composite: OfficialComposite, base: string): string[] {
  const elements = elementsOf(resource, composite)
  const asked = composite.components.map((_component, at) => {
    const values = elements.flatMap((found) => found[at] ?? [])
    const questions = values.flatMap((value) => questionsFor(parameterFor(composite, at, value), value, base))
    const plain = questions.filter(({ modifier }) => modifier === undefined).map(({ value }) => value)
    const step = Math.max(1, Math.floor(plain.length / MOST_OF_EACH))
    return plain.filter((_one, n) => n % step === 0).slice(0, MOST_OF_EACH)
  })
  return asked.reduce<string[]>(
    (all, values) =>
      all.flatMap((start) => values.map((value) => (start === '' ? value : `${start}$${value}`))),
    [''],
  )
}
