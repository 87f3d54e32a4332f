import type { IncomingMessage } from 'node:http'
import { invalidRequest } from '../fhir/outcome.ts'
import type { Answer } from '../writer/interaction.ts'
import type { Organization } from '../http/organization.ts'
import type { Operation, OperationCall } from './operation.ts'

const MAX_WAIT_SECONDS = 60
const MAX_CHANGES = 1000

interface ChangeRow {
  seq: number
  type: string
  id: string
  versionId: number
  method: string
  patients: string
}

/**
 * GET $changes?since=<seq>&wait=<seconds>: what was written after `since`, oldest first, waiting for it when there is
 * nothing yet. Without `since`, only where the feed ends now. Never content: type, id, version and patients.
 */
async function answerChanges({ request, organization, interaction }: OperationCall): Promise<Answer> {
  const parameters = new URLSearchParams(interaction.query)
  const since = wholeNumber(parameters, 'since')
  const wait = Math.min(wholeNumber(parameters, 'wait') ?? 0, MAX_WAIT_SECONDS)
  if (since === undefined)
    return { status: 200, body: JSON.stringify({ next: lastSeq(organization), changes: [] }) }
  let rows = changesAfter(organization, since)
  if (rows.length === 0 && wait > 0) {
    await nextChange(request, organization, wait * 1000)
    rows = changesAfter(organization, since)
  }
  const changes = rows.map(({ patients, ...row }) => ({
    ...row,
    versionId: String(row.versionId),
    patients: patients === '' ? [] : patients.split(','),
  }))
  return { status: 200, body: JSON.stringify({ next: rows.at(-1)?.seq ?? since, changes }) }
}

export const CHANGES: Operation = {
  name: 'changes',
  levels: ['system'],
  methods: ['GET'],
  run: answerChanges,
}

function changesAfter(organization: Organization, since: number): ChangeRow[] {
  return organization.reader.db.all<ChangeRow>(
    'SELECT seq, rt AS type, id, ver AS versionId, method, patients FROM chg WHERE seq > ? ORDER BY seq LIMIT ?',
    since,
    MAX_CHANGES,
  )
}

function lastSeq(organization: Organization): number {
  return organization.reader.db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM chg')?.seq ?? 0
}

function nextChange(request: IncomingMessage, organization: Organization, timeoutMs: number): Promise<void> {
  const { events } = organization.writer
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      events.off('change', finish)
      events.off('stopping', finish)
      request.socket.off('close', finish)
      resolve()
    }
    const timer = setTimeout(finish, timeoutMs)
    events.on('change', finish)
    events.on('stopping', finish)
    request.socket.on('close', finish)
  })
}

function wholeNumber(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name)
  if (text === null) return undefined
  if (!/^\d{1,15}$/.test(text)) throw invalidRequest(`"${name}" must be a whole number.`, name)
  return Number(text)
}
