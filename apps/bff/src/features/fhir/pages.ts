import type { Bundle } from '@medplum/fhirtypes'

import type { Page } from '#/lib/cursor.ts'
import { badRequest, Refusal } from '#/lib/refusal.ts'
import type { FhirCall, Rest } from './call.ts'

/** Page links belong to one person and one address below `/fhir`. */
function ownerOf({ session }: Rest, path: string) {
  const { issuer, subject, organization } = session.caller
  return { issuer, subject, organization, path }
}

/** The page that the request asks for by its link; undefined for a first page. */
export function openPage(rest: Rest, { parameters }: FhirCall, path: string): Page | undefined {
  const cursor = parameters.find(([name]) => name === '_cursor')?.[1]
  if (cursor === undefined) return undefined
  if (parameters.length > 1) throw badRequest('A page link stands alone', '_cursor')
  return rest.seal.open(cursor, ownerOf(rest, path))
}

/** Where the record goes on, relative to its base. */
function nextPath({ session }: Rest, bundle: Bundle): string | undefined {
  const url = bundle.link?.find(({ relation }) => relation === 'next')?.url
  if (url === undefined) return undefined
  const base = new URL(`${session.fhir.baseUrl}/`)
  const target = new URL(url, base)
  const isInside = target.origin === base.origin && target.pathname.startsWith(base.pathname)
  if (!isInside) throw new Refusal(502, 'exception', 'The record names a next page that is not its own')
  return `${target.pathname.slice(base.pathname.length)}${target.search}`
}

/** The links of an answer: itself, and a sealed one to the next page where the record has more. */
export function linksOf(
  rest: Rest,
  path: string,
  asked: Omit<Page, 'next'>,
  found: Bundle,
): NonNullable<Bundle['link']> {
  const query = new URLSearchParams(asked.parameters)
  const self = { relation: 'self', url: `${rest.baseUrl}/${path}${query.size > 0 ? `?${query}` : ''}` }
  const next = nextPath(rest, found)
  if (next === undefined) return [self]
  const cursor = rest.seal.seal({ next, ...asked }, ownerOf(rest, path))
  return [self, { relation: 'next', url: `${rest.baseUrl}/${path}?_cursor=${cursor}` }]
}
