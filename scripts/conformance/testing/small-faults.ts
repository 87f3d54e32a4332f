import type { Bundle } from '@medplum/fhirtypes'

import type { CapabilityName } from '../capabilities.ts'
import { isSearch, isTransaction, type Meddle } from './faulty-server.ts'

const JSON_TYPE = { 'content-type': 'application/fhir+json' }

function answers(status: number, body = ''): Meddle {
  return async () => ({ status, headers: new Headers(body === '' ? {} : JSON_TYPE), body })
}

/** Changes the text of the answers to these requests. */
function telling(path: RegExp, change: (text: string) => string): Meddle {
  return async (request, send) => {
    const answer = await send(request)
    const isMeant = path.test(`${request.method} ${request.path}`)
    return isMeant && answer.status < 300 ? { ...answer, body: change(answer.body) } : answer
  }
}

/** Passes over a parameter of searches, or takes another value for it. */
export function searching(name: string, value?: string, type = ''): Meddle {
  return (request, send) => {
    const isMeant = type === '' ? isSearch(request) : request.path.startsWith(`${type}/_search`)
    if (!isMeant || request.method !== 'POST') return send(request)
    const form = new URLSearchParams(request.body)
    if (!form.has(name)) return send(request)
    form.delete(name)
    if (value !== undefined) form.set(name, value)
    return send({ ...request, body: form.toString() })
  }
}

/** Changes what is stored. */
function storing(change: (text: string) => string): Meddle {
  return (request, send) =>
    request.body.startsWith('{') ? send({ ...request, body: change(request.body) }) : send(request)
}

/** The first request of a method goes wrong, so that what is stored can still be taken away. */
function once(method: string, meddle: Meddle): Meddle {
  let isOver = false
  return (request, send) => {
    if (isOver || request.method !== method) return send(request)
    isOver = true
    return meddle(request, send)
  }
}

function withoutExtensions(text: string): string {
  return JSON.stringify(JSON.parse(text, (key, value: unknown) => (key === 'extension' ? undefined : value)))
}

function changedBundle(text: string, change: (bundle: Bundle) => Bundle): string {
  return JSON.stringify(change(JSON.parse(text) as Bundle))
}

/** A fault, and the checks that must not pass because of it. */
type SmallFault = [fault: string, checks: readonly CapabilityName[], meddle: Meddle]

export const SMALL_FAULTS: readonly SmallFault[] = [
  ['speaks FHIR 5', ['statement'], telling(/metadata/, (text) => text.replace('"4.0.1"', '"5.0.0"'))],
  [
    'answers creates with 200',
    ['create'],
    async (request, send) => {
      const answer = await send(request)
      return answer.status === 201 && request.method === 'POST' ? { ...answer, status: 200 } : answer
    },
  ],
  [
    'finds something for every id',
    ['read'],
    async (request, send) => {
      const answer = await send(request)
      return answer.status === 404 ? { ...answer, status: 200 } : answer
    },
  ],
  [
    'says that it has updated, and has not',
    ['update', 'update-extension'],
    async (request, send) => {
      const stored =
        request.method === 'PUT' ? await send({ ...request, method: 'GET', body: '' }) : undefined
      return stored?.status === 200 ? stored : send(request)
    },
  ],
  [
    'takes no ids of clients',
    ['update-as-create'],
    (request, send) => (request.method === 'PUT' ? answers(405)(request, send) : send(request)),
  ],
  [
    'passes over If-Match',
    ['if-match'],
    (request, send) => {
      const { 'if-match': _ifMatch, ...headers } = request.headers
      return send({ ...request, headers })
    },
  ],
  ['says that it has deleted, and has not', ['delete'], once('DELETE', answers(204))],
  [
    'knows the present version only',
    ['vread', 'history'],
    async (request, send) => {
      const version = /^(.*)\/_history\/[^/]+$/.exec(request.path)
      if (version?.[1] !== undefined) return send({ ...request, path: version[1] })
      const answer = await send(request)
      return request.path.endsWith('_history')
        ? {
            ...answer,
            body: changedBundle(answer.body, (all) => ({ ...all, entry: all.entry?.slice(0, 1) ?? [] })),
          }
        : answer
    },
  ],
  [
    'takes a batch for a transaction',
    ['batch'],
    storing((text) => text.replace('"type":"batch"', '"type":"transaction"')),
  ],
  [
    'tells no locations in transactions',
    ['transaction', 'transaction-references'],
    telling(/^POST $/, (text) => text.replaceAll(/"location":"[^"]*",?/g, '')),
  ],
  [
    'leaves urn:uuid references as they are',
    ['transaction-references'],
    telling(/^GET Appointment/, (text) => text.replace(/"Slot\/[^"]+"/, '"urn:uuid:0"')),
  ],
  [
    'takes 100 entries',
    ['transaction-size'],
    (request, send) =>
      isTransaction(request) && (JSON.parse(request.body) as Bundle).entry?.length === 200
        ? answers(413)(request, send)
        : send(request),
  ],
  ['passes over status', ['search-appointment', 'search-slot', 'search-clinical'], searching('status')],
  ['passes over the date of visits', ['search-appointment'], searching('date')],
  ['passes over the start of slots', ['search-slot'], searching('start')],
  ['passes over actor', ['search-schedule', 'search-appointment', 'search-many'], searching('actor')],
  ['passes over location', ['search-directory', 'search-appointment'], searching('location')],
  ['passes over identifier', ['search-people'], searching('identifier')],
  ['passes over code', ['search-clinical'], searching('code')],
  ['includes nothing', ['search-include'], searching('_include')],
  ['sorts as it likes', ['search-sort'], searching('_sort', '_lastUpdated')],
  [
    'ends after one page',
    ['search-paging'],
    telling(/_search/, (text) => changedBundle(text, ({ link: _link, ...all }) => all)),
  ],
  [
    'takes short lists only',
    ['search-many'],
    (request, send) =>
      request.body.length > 2000 && isSearch(request) ? answers(414)(request, send) : send(request),
  ],
  ['gives other elements than were asked for', ['search-elements'], searching('_elements', 'id')],
  ['passes over _lastUpdated', ['search-last-updated'], searching('_lastUpdated')],
  ['drops extensions', ['extensions', 'update-extension'], storing(withoutExtensions)],
  ['writes in ASCII', ['text'], storing((text) => text.replaceAll(/[^\u0020-\u007e]/gu, '?'))],
  [
    'forgets the offset of moments',
    ['instants'],
    telling(/^GET (?:Slot|Appointment)\//, (text) => text.replaceAll(/[+-]\d\d:\d\d"/g, 'Z"')),
  ],
]
