import type { FieldErrors, FieldValues, Resolver } from 'react-hook-form'

/** What is wrong with one field of a form; `code` is a key of the messages `problems`. */
export type FieldProblem = { name: string; code: string }

/** A form's validation from a pure check, the same one that the booking rules use. The first problem of a field counts. */
export function resolverOf<V extends FieldValues>(
  check: (values: V) => readonly FieldProblem[],
): Resolver<V> {
  return (values) => {
    const problems = check(values)
    if (problems.length === 0) return { values, errors: {} }
    const errors: Record<string, { type: string; message: string }> = {}
    for (const { name, code } of problems) errors[name] ??= { type: code, message: code }
    return { values: {}, errors: errors as FieldErrors<V> }
  }
}

/** The problem of a text that must not be empty. */
export function requireText(name: string, value: string): FieldProblem[] {
  return value.trim() === '' ? [{ name, code: 'missing' }] : []
}
