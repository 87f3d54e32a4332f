export interface OutcomeIssue {
  severity: 'error' | 'warning' | 'information'
  code: string
  details: { text: string }
  expression?: string[]
}

/** The refusal of a request: everything that a client did wrong, or that the record's state does not allow. */
export class Refusal extends Error {
  readonly status: number
  readonly issues: OutcomeIssue[]
  /** Of the answer, such as Allow. */
  readonly headers: Record<string, string> = {}

  constructor(status: number, code: string, text: string, expression?: string) {
    super(text)
    this.name = 'Refusal'
    this.status = status
    this.issues = [
      {
        severity: 'error',
        code,
        details: { text },
        ...(expression === undefined ? {} : { expression: [expression] }),
      },
    ]
  }

  static ofIssues(status: number, issues: OutcomeIssue[]): Refusal {
    const refusal = new Refusal(status, 'invalid', issues[0]?.details.text ?? 'invalid')
    refusal.issues.splice(0, refusal.issues.length, ...issues)
    return refusal
  }

  /** The same refusal, its expressions placed under an entry of the bundle that was sent. */
  within(path: string): Refusal {
    const placed = Refusal.ofIssues(
      this.status,
      this.issues.map((issue) => ({
        ...issue,
        expression: issue.expression?.map((inner) => `${path}.${inner}`) ?? [path],
      })),
    )
    return Object.assign(placed, { headers: this.headers })
  }
}

export function outcomeJson(issues: OutcomeIssue[]): string {
  return JSON.stringify({ resourceType: 'OperationOutcome', issue: issues })
}

/** What Prefer: return=OperationOutcome gets for a success. */
export function informationJson(text: string): string {
  return outcomeJson([{ severity: 'information', code: 'informational', details: { text } }])
}

export function invalidRequest(text: string, expression?: string): Refusal {
  return new Refusal(400, 'invalid', text, expression)
}

export function notFound(): Refusal {
  return new Refusal(404, 'not-found', 'There is no such resource.')
}
