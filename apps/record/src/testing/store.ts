import { rmSync } from 'node:fs'
import path from 'node:path'
import type { JsonObject } from '../fhir/json.ts'
import { search } from '../search/search.ts'
import { openForWriting } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { put } from '../writer/write.ts'
import { makeFolder, type Answered } from './record.ts'

export interface TestStore {
  store: Store
  put: (resource: object) => void
  /** Ids in the order of the answer, over all pages. */
  ids: (query: string) => string[]
  bundle: (query: string) => Answered
  close: () => void
}

/** A record without HTTP: the real tables, search and writes on a file of their own. */
export function openTestStore(): TestStore {
  const folder = makeFolder()
  const { db, numbers } = openForWriting(path.join(folder, 'test.sqlite'))
  // Each write of a test is a commit of its own, and none has to outlive the machine.
  db.exec('PRAGMA synchronous = OFF')
  const store: Store = { db, numbers, base: 'http://record' }
  const bundle = (query: string) => {
    const [type = '', criteria = ''] = query.split(/\?(.*)/s)
    return JSON.parse(search(store, type, [...new URLSearchParams(criteria)]))
  }
  return {
    store,
    put: (resource) => {
      const json = resource as JsonObject
      put(store, String(json['resourceType']), String(json['id']), json)
    },
    bundle,
    ids: (query) => {
      const found: string[] = []
      let next: string | undefined = query
      while (next !== undefined) {
        const page: Answered = bundle(next)
        for (const entry of page.entry ?? []) found.push(entry.resource.id)
        next = page.link
          .find((link: { relation: string }) => link.relation === 'next')
          ?.url.slice('http://record/'.length)
      }
      return found
    },
    close: () => {
      db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
