import { outcomeJson } from '../fhir/outcome.ts'
import type { Store } from '../store/store.ts'
import { writeCursor } from './cursor.ts'
import { idOf, typeOf } from './body.ts'
import type { FoundPage } from './rows.ts'
import { projection } from './project.ts'
import type { SearchRequest } from './request.ts'

const INCLUDED_TOO_MUCH = outcomeJson([
  {
    severity: 'warning',
    code: 'incomplete',
    details: { text: 'More was to be included than one answer may hold: ask for smaller pages.' },
  },
])

/** The searchset Bundle as text, put together from stored bodies without parsing them. */
export function searchBundle(store: Store, request: SearchRequest, page: FoundPage): string {
  const cut = projection(request)
  const self = linkOf(
    store,
    request,
    request.cursor === undefined ? [] : [['_cursor', writeCursor(request.cursor)]],
  )
  const links = [`{"relation":"self","url":${JSON.stringify(self)}}`]
  if (page.next !== undefined) {
    const next = linkOf(store, request, [['_cursor', writeCursor(page.next)]])
    links.push(`{"relation":"next","url":${JSON.stringify(next)}}`)
  }
  const entries = new EntryText()
  for (const row of page.matches) {
    const type = typeOf(row.body)
    const body = cut === undefined ? row.body : cut(row.body, type)
    entries.add(
      `{"fullUrl":"${store.base}/${type}/${idOf(row.body)}","resource":${body},"search":{"mode":"match"}}`,
    )
  }
  // Only elements are asked of the matches alone: what is included has others.
  const cutIncluded = request.elements === undefined ? cut : undefined
  for (const row of page.included) {
    const type = typeOf(row.body)
    const body = cutIncluded === undefined ? row.body : cutIncluded(row.body, type)
    entries.add(
      `{"fullUrl":"${store.base}/${type}/${idOf(row.body)}","resource":${body},"search":{"mode":"include"}}`,
    )
  }
  if (page.isCut) entries.add(`{"resource":${INCLUDED_TOO_MUCH},"search":{"mode":"outcome"}}`)
  const total = page.total === undefined ? '' : `,"total":${page.total}`
  const entry = entries.isEmpty ? '' : `,"entry":[${entries.text()}]`
  return `{"resourceType":"Bundle","type":"searchset"${total},"link":[${links.join(',')}]${entry}}`
}

/** Joins in pieces: tens of thousands of unjoined strings would all survive until the end of a long answer. */
class EntryText {
  readonly #pieces: string[] = []
  #open: string[] = []

  get isEmpty(): boolean {
    return this.#pieces.length === 0 && this.#open.length === 0
  }

  add(entry: string): void {
    if (this.#open.push(entry) === 250) this.#close()
  }

  text(): string {
    if (this.#open.length > 0) this.#close()
    return this.#pieces.join(',')
  }

  #close(): void {
    this.#pieces.push(this.#open.join(','))
    this.#open = []
  }
}

function linkOf(store: Store, request: SearchRequest, extra: [string, string][]): string {
  const query = new URLSearchParams([...request.used, ...extra]).toString()
  const path = request.path === '' ? store.base : `${store.base}/${request.path}`
  return `${path}${query === '' ? '' : `?${query}`}`
}
