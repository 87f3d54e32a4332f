import { isResourceType } from '../definitions/definitions.ts'
import { isObject } from '../fhir/json.ts'
import type { OutcomeIssue } from '../fhir/outcome.ts'
import { ID_PATTERN } from '../fhir/references.ts'
import type { Answer, Interaction } from '../writer/interaction.ts'
import { type Line, linesOf } from './lines.ts'

/** What became of the lines. */
export interface ImportCounts {
  created: number
  updated: number
  unchanged: number
  refused: number
}

export interface ImportRun {
  write: (request: Interaction) => Promise<Answer>
  /** Hears of each line that was refused: why, never what was in it. */
  onRefused: (line: number, issues: OutcomeIssue[]) => void
  counts: ImportCounts
  /** Asked between groups; an import that ends early keeps what it has stored. */
  isStopped: () => boolean
}

/** The record cannot store anything now. */
export class ImportInterrupted extends Error {}

interface Entry {
  line: number
  json: string
  url: string
}

/** Small enough that other writes come in between. */
const GROUP_LINES = 50
const GROUP_CHARACTERS = 500_000
/** The writer never waits for the next group, and whoever else writes waits for a few at most. */
const GROUPS_AT_ONCE = 3

export function noCounts(): ImportCounts {
  return { created: 0, updated: 0, unchanged: 0, refused: 0 }
}

/**
 * Stores each line as the resource `Type/id` that it is, through the one writer, validated like any other write. The
 * stream is read only as fast as the writer takes it.
 */
export async function importLines(chunks: AsyncIterable<Buffer>, run: ImportRun): Promise<void> {
  const startedMs = Date.now()
  const writing = new Set<Promise<void>>()
  let group: Entry[] = []
  let characters = 0
  const send = async () => {
    const sent = group
    group = []
    characters = 0
    if (sent.length === 0) return
    const written = writeGroup(sent, run, startedMs).finally(() => writing.delete(written))
    // Heard where it is awaited; until then it must not count as unheard.
    written.catch(() => undefined)
    writing.add(written)
    if (writing.size >= GROUPS_AT_ONCE) await Promise.race(writing)
  }
  try {
    for await (const line of linesOf(chunks)) {
      if (run.isStopped()) break
      const entry = entryOf(line, run)
      if (entry === undefined) continue
      group.push(entry)
      characters += entry.json.length
      if (group.length >= GROUP_LINES || characters > GROUP_CHARACTERS) await send()
    }
    await send()
  } finally {
    await Promise.all(writing)
  }
}

/** Parsed here only to know that it is one object, and which; the text itself is what is stored. */
function entryOf(line: Line, run: ImportRun): Entry | undefined {
  const refuse = (code: string, text: string): undefined => {
    run.counts.refused += 1
    run.onRefused(line.number, [{ severity: 'error', code, details: { text } }])
  }
  if (line.text === undefined) return refuse('too-long', line.refusal ?? '')
  let resource: unknown
  try {
    resource = JSON.parse(line.text)
  } catch {
    return refuse('structure', 'The line is not valid JSON.')
  }
  if (!isObject(resource)) return refuse('structure', 'The line is not one resource.')
  const { resourceType, id } = resource
  if (!isResourceType(resourceType)) return refuse('structure', 'resourceType must name an R4 resource.')
  if (typeof id !== 'string' || !ID_PATTERN.test(id))
    return refuse('required', 'The resource needs an id (letters, digits, "-" and ".", at most 64).')
  return { line: line.number, json: line.text, url: `${resourceType}/${id}` }
}

async function writeGroup(entries: Entry[], run: ImportRun, startedMs: number): Promise<void> {
  const answer = await run.write(batchOf(entries))
  if (answer.status === 503) throw new ImportInterrupted()
  if (answer.status !== 200 && entries.length > 1) {
    // One line spoils the whole bundle (too deep, say): each is written for itself.
    for (const entry of entries) await writeGroup([entry], run, startedMs)
    return
  }
  const responses = answer.status === 200 ? responsesOf(answer.body) : [{ status: String(answer.status) }]
  for (const [at, entry] of entries.entries()) {
    const { status = '', lastModified = '', outcome } = responses[at] ?? {}
    if (status.startsWith('201')) run.counts.created += 1
    else if (status.startsWith('200') && Date.parse(lastModified) < startedMs) run.counts.unchanged += 1
    else if (status.startsWith('200')) run.counts.updated += 1
    else {
      run.counts.refused += 1
      run.onRefused(entry.line, outcome?.issue ?? issuesOf(answer))
    }
  }
}

interface EntryResponse {
  status?: string
  lastModified?: string
  outcome?: { issue?: OutcomeIssue[] }
}

function responsesOf(body: string): EntryResponse[] {
  const bundle = JSON.parse(body) as { entry?: { response: EntryResponse }[] }
  return (bundle.entry ?? []).map((entry) => entry.response)
}

function issuesOf({ status, body }: Answer): OutcomeIssue[] {
  if (status < 500 && body !== '') return (JSON.parse(body) as { issue: OutcomeIssue[] }).issue
  return [{ severity: 'error', code: 'exception', details: { text: 'The resource could not be stored.' } }]
}

/** The lines as they came, so that numbers stay as they were written. */
function batchOf(entries: Entry[]): Interaction {
  const list = entries.map(
    ({ json, url }) => `{"resource":${json},"request":{"method":"PUT","url":"${url}"}}`,
  )
  return {
    method: 'POST',
    path: [],
    query: '',
    body: `{"resourceType":"Bundle","type":"batch","entry":[${list.join(',')}]}`,
    ifMatch: undefined,
    ifNoneMatch: undefined,
    ifNoneExist: undefined,
    ifModifiedSince: undefined,
    prefers: 'minimal',
    isLenient: false,
  }
}
