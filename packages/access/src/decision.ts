import type { OperationOutcomeIssue } from '@medplum/fhirtypes'

/** Why something is refused: fixed words, never data. */
export type Refused = {
  outcome: 'refuse'
  status: 400 | 403 | 404 | 422
  code: OperationOutcomeIssue['code']
  message: string
  /** Name of the field or parameter that is at fault. */
  expression?: string
}

/** Go on, but not with everything: what comes back is still checked one by one. */
type Narrowed = {
  outcome: 'narrow'
  /** Only what is of these patients; undefined where the reach is the whole organisation. */
  patientIds: readonly string[] | undefined
  /** Only what fulfils the conditions of the token's scopes, which the content alone can tell. */
  isConditional: boolean
  /** A search adds these to its own. */
  parameters: readonly (readonly [string, string])[]
}

/** What access says about a request before it goes to the record. */
export type Decision = Refused | { outcome: 'allow' } | Narrowed

export const ALLOW: Decision = { outcome: 'allow' }

/** The rights on a type are missing: said without a look at the record, so existing and missing ids answer alike. */
export function forbidden(message = 'Your role does not allow this'): Refused {
  return { outcome: 'refuse', status: 403, code: 'forbidden', message }
}

export function notSupported(message: string, expression?: string): Refused {
  const refused: Refused = { outcome: 'refuse', status: 400, code: 'not-supported', message }
  return expression === undefined ? refused : { ...refused, expression }
}

/** The content breaks a rule of writing. */
export function unprocessable(message: string, expression?: string): Refused {
  const refused: Refused = { outcome: 'refuse', status: 422, code: 'business-rule', message }
  return expression === undefined ? refused : { ...refused, expression }
}
