import type { Store } from '../store/store.ts'
import { writeCursor } from './cursor.ts'
import type { FoundPage } from './rows.ts'
import { project } from './project.ts'
import type { SearchRequest } from './request.ts'

/** The searchset Bundle as text, put together from stored bodies without parsing them. */
export function searchBundle(store: Store, request: SearchRequest, page: FoundPage): string {
  const wanted = request.elements === undefined ? undefined : new Set(request.elements)
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
  const prefix = `{"fullUrl":"${store.base}/${request.type}/`
  for (const row of page.matches) {
    const body = wanted === undefined ? row.body : project(row.body, wanted)
    entries.add(`${prefix}${idOf(row.body)}","resource":${body},"search":{"mode":"match"}}`)
  }
  for (const row of page.included) {
    const type = row.body.slice(17, row.body.indexOf('"', 17))
    entries.add(
      `{"fullUrl":"${store.base}/${type}/${idOf(row.body)}","resource":${row.body},"search":{"mode":"include"}}`,
    )
  }
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

/** Stored bodies begin with resourceType and id. */
function idOf(body: string): string {
  const start = body.indexOf('"id":"') + 6
  return body.slice(start, body.indexOf('"', start))
}

function linkOf(store: Store, request: SearchRequest, extra: [string, string][]): string {
  const query = new URLSearchParams([...request.used, ...extra]).toString()
  return `${store.base}/${request.type}${query === '' ? '' : `?${query}`}`
}
