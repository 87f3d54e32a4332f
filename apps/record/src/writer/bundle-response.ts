import type { Answer, Interaction } from './interaction.ts'

const STATUS_TEXT: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
}

/** The answer to a batch or transaction as text, put together from bodies without parsing them. */
export function responseBundle(type: string, answers: Answer[], outer: Interaction): string {
  const entries = answers.map((answer) => entryOf(answer, outer))
  const entry = entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`
  return `{"resourceType":"Bundle","type":"${type}"${entry}}`
}

function entryOf({ status, body, location, etag, lastModifiedMs }: Answer, { prefers }: Interaction): string {
  const response: Record<string, unknown> = { status: `${status} ${STATUS_TEXT[status] ?? ''}`.trim() }
  if (location !== undefined) response['location'] = location
  if (etag !== undefined) response['etag'] = etag
  if (lastModifiedMs !== undefined) response['lastModified'] = new Date(lastModifiedMs).toISOString()
  const isOutcome =
    status >= 400 || (prefers === 'OperationOutcome' && body.startsWith('{"resourceType":"OperationOutcome"'))
  if (isOutcome && body !== '') response['outcome'] = JSON.parse(body)
  const isRead = location === undefined
  const withBody = body !== '' && !isOutcome && (isRead || prefers === 'representation')
  return `{${withBody ? `"resource":${body},` : ''}"response":${JSON.stringify(response)}}`
}
