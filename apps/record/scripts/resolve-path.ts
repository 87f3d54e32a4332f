import type { PathStep, SearchPath, TypeRule } from '../src/definitions/definitions.ts'

/** `(A.b.ofType(T)).c.where(x='y')` → ['A', 'b', {ofType: T}, 'c', {where: …}] */
export function stepsOf(expression: string): (PathStep | { ofType: string })[] {
  const steps: (PathStep | { ofType: string })[] = []
  const pattern =
    /ofType\(([A-Za-z]+)\)|where\(resolve\(\) is ([A-Za-z]+)\)|where\((\w+)\s*=\s*'([^']*)'\)|\[0\]|([A-Za-z][A-Za-z0-9]*)/g
  for (const match of expression.matchAll(pattern)) {
    if (match[1] !== undefined) steps.push({ ofType: match[1] })
    else if (match[2] !== undefined) steps.push({ refersTo: match[2] })
    else if (match[3] !== undefined) steps.push({ where: match[3], equals: match[4] ?? '' })
    else if (match[5] !== undefined) steps.push(match[5])
    else steps.push({ first: true })
  }
  return steps
}

/** Every way from the root along the steps of an expression such as `value.ofType(Quantity)`. */
export function resolvePath(expression: string, root: string, types: Record<string, TypeRule>): SearchPath[] {
  return followSteps(stepsOf(expression), root, types)
}

export function followSteps(
  steps: (PathStep | { ofType: string })[],
  root: string,
  types: Record<string, TypeRule>,
): SearchPath[] {
  let open: { steps: PathStep[]; type: string }[] = [{ steps: [], type: root }]
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]
    if (step === undefined) continue
    if (typeof step !== 'string') {
      if (!('ofType' in step)) for (const path of open) path.steps.push(step)
      continue
    }
    const next = steps[i + 1]
    const only = typeof next === 'object' && 'ofType' in next ? next.ofType : undefined
    const grown: typeof open = []
    for (const path of open) {
      for (const [property, rule] of Object.entries(types[path.type]?.elements ?? {})) {
        if (property !== step && rule.choice !== step) continue
        if (only !== undefined && rule.type.toLowerCase() !== only.toLowerCase()) continue
        grown.push({ steps: [...path.steps, property], type: rule.type })
      }
    }
    open = grown
  }
  return open
}
