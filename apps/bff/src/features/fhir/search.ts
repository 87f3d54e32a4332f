import type { Bundle, BundleEntry, Resource, ResourceType } from '@medplum/fhirtypes'
import { patientsIn, releaseBundle } from '@openward/access'
import { isDeepStrictEqual } from 'node:util'

import { answerSize, MOST_ANSWER_CHARACTERS, tooMuch } from '#/lib/answer-size.ts'
import type { Page } from '#/lib/cursor.ts'
import { badRequest } from '#/lib/refusal.ts'
import { requireSearchable, withTotal } from '#/lib/server-differences.ts'
import { type FhirAnswer, type FhirCall, requireAllowed, type Rest } from './call.ts'
import { linksOf, openPage } from './pages.ts'

/** Not for the record: fields are chosen after release, which needs all of them. */
const OURS: ReadonlySet<string> = new Set(['_elements', '_format'])
const ALWAYS: ReadonlySet<string> = new Set(['resourceType', 'id', 'meta'])

type Pairs = [string, string][]

function chooseElements(resource: Resource, parameters: Pairs): Resource {
  const elements = parameters.find(([name]) => name === '_elements')?.[1].split(',')
  if (!elements) return resource
  const chosen = Object.entries(resource).filter(([name]) => ALWAYS.has(name) || elements.includes(name))
  return Object.fromEntries(chosen) as unknown as Resource
}

async function ask(
  { session }: Rest,
  type: ResourceType,
  page: Page | undefined,
  parameters: Pairs,
): Promise<Bundle> {
  const options = { signal: session.signal, headers: { prefer: 'handling=strict' } }
  const common = { resourceType: type, repeatable: true }
  const { body } =
    page === undefined
      ? await session.fhir.send({
          ...common,
          method: 'POST',
          path: `${type}/_search`,
          body: new URLSearchParams(parameters).toString(),
          options: {
            ...options,
            headers: { ...options.headers, 'content-type': 'application/x-www-form-urlencoded' },
          },
        })
      : await session.fhir.send({ ...common, method: 'GET', path: page.next, options })
  return body as Bundle
}

/** Searches within the caller's reach. Every entry, included ones too, is released by itself. */
export async function search(rest: Rest, call: FhirCall, type: ResourceType): Promise<FhirAnswer> {
  const { session, baseUrl } = rest
  const page = openPage(rest, call, type)
  const parameters: Pairs = page?.parameters ?? [...call.parameters]
  const decision = requireAllowed(session, { kind: 'search', type, parameters })
  const added: Pairs =
    decision.outcome === 'narrow' ? decision.parameters.map(([name, value]) => [name, value]) : []
  if (page && !isDeepStrictEqual(page.added, added)) {
    throw badRequest('What you may see has changed; search again', '_cursor')
  }
  const asked = [...parameters.filter(([name]) => !OURS.has(name)), ...added]
  if (page === undefined) await requireSearchable(session.fhir, type, asked)
  const answer = await ask(rest, type, page, asked)
  const found = page === undefined ? await withTotal(session.fhir, type, asked, answer) : answer
  const matches = (found.entry ?? []).filter(({ search: mode }) => mode?.mode !== 'outcome')
  const { total, entry } = releaseBundle(session.caller, { ...found, entry: matches })
  const bundle: Bundle = {
    resourceType: 'Bundle',
    type: 'searchset',
    link: linksOf(rest, type, { parameters, added }, found),
    entry: entry?.map(outward(baseUrl, parameters)) ?? [],
  }
  if (answerSize(bundle) > MOST_ANSWER_CHARACTERS)
    throw tooMuch('This page would be too large; ask for fewer at a time with _count')
  const patientIds = entry?.flatMap(({ resource }) => (resource ? patientsIn(resource) : [])) ?? []
  await session.audit({
    interaction: 'search-type',
    action: 'E',
    outcome: '0',
    patientIds,
    query: `${type}?${new URLSearchParams(parameters)}`,
  })
  return { status: 200, resource: total === undefined ? bundle : { ...bundle, total }, headers: {} }
}

function outward(baseUrl: string, parameters: Pairs) {
  return ({ resource, search: mode }: BundleEntry): BundleEntry => ({
    ...(resource
      ? {
          fullUrl: `${baseUrl}/${resource.resourceType}/${resource.id}`,
          resource: chooseElements(resource, parameters),
        }
      : {}),
    ...(mode ? { search: mode } : {}),
  })
}
