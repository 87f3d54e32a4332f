import type { Basic, CapabilityStatement } from '@medplum/fhirtypes'
import { type FhirClient, FhirError } from '@openward/fhir-client'
import {
  type ConformanceVerdict,
  isPassing,
  isSameSoftware,
  PROVEN_SOFTWARE,
  type ServerSoftware,
  softwareFrom,
  verdictFromBasic,
  verdictId,
} from '@openward/fhir-client/conformance'

/**
 * What the FHIR server behind a base can do, from its CapabilityStatement and the verdict that `npm run conformance -- --save` has left there. Everything
 * that depends on which server it is asks here, and copes in server-differences.ts (docs/servers.md).
 */
export type Capabilities = {
  software: ServerSoftware
  /** Two bookings of the same time cannot both win: proven for this version of the server. */
  isBookingSafe: boolean
  /** Refuses search parameters that it does not know. */
  isStrict: boolean
  /** Names of the search parameters that it lists for a type. */
  searchParametersOf: (type: string) => ReadonlySet<string>
  /** Whether it names an operation of a type, by the canonical of its definition. */
  offers: (type: string, definition: string) => boolean
}

type Known = { readAtMs: number; isKeptShort: boolean; read: Promise<Capabilities>; denied: Set<string> }

const KEPT_MS = 60_000
/** An administrator who has just proven the server does not wait long. */
const KEPT_SHORT_MS = 10_000
const MOST_BASES = 1_000
const known = new Map<string, Known>()

/** The server's own word, that does not change by asking again. */
function isRefusal(error: unknown): boolean {
  return error instanceof FhirError && error.status >= 400 && error.status < 500 && !error.retryable
}

/** A server that refuses to say what it is has told nothing; one that is away right now is asked again. */
async function readStatement(fhir: FhirClient): Promise<CapabilityStatement | undefined> {
  try {
    return await fhir.capabilities()
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

async function readVerdict(
  fhir: FhirClient,
  software: ServerSoftware,
): Promise<ConformanceVerdict | undefined> {
  try {
    const basic: Basic = await fhir.read('Basic', verdictId(software), {
      headers: { 'cache-control': 'no-cache' },
    })
    return verdictFromBasic(basic)
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

async function readCapabilities(fhir: FhirClient, denied: ReadonlySet<string>): Promise<Capabilities> {
  const statement = await readStatement(fhir)
  const software = softwareFrom(statement)
  const isProven = isSameSoftware(software, PROVEN_SOFTWARE)
  const verdict = isProven ? undefined : await readVerdict(fhir, software)
  const isOfThisVersion = verdict !== undefined && isSameSoftware(verdict.software, software)
  const rows = new Map(statement?.rest?.[0]?.resource?.map((row) => [row.type as string, row]))
  return {
    software,
    isBookingSafe: isProven || isPassing(verdict, software),
    isStrict: isProven || (isOfThisVersion && verdict.results['search-strict'] === 'pass'),
    searchParametersOf: (type) =>
      new Set(rows.get(type)?.searchParam?.flatMap(({ name }) => (name === undefined ? [] : [name]))),
    offers: (type, definition) =>
      !denied.has(definition) &&
      rows.get(type)?.operation?.some((operation) => operation.definition === definition) === true,
  }
}

/**
 * What the server of this base can do; asked again after a minute, so that another version of it is noticed. Rejects like any request when the server
 * cannot be reached.
 */
export function capabilitiesOf(fhir: FhirClient, nowMs = Date.now()): Promise<Capabilities> {
  const { baseUrl } = fhir
  const hit = known.get(baseUrl)
  if (hit !== undefined && nowMs - hit.readAtMs < (hit.isKeptShort ? KEPT_SHORT_MS : KEPT_MS)) return hit.read
  const denied = new Set<string>()
  const read = readCapabilities(fhir, denied)
  const entry: Known = { readAtMs: nowMs, isKeptShort: false, read, denied }
  known.delete(baseUrl)
  known.set(baseUrl, entry)
  read.then(
    ({ isBookingSafe }) => {
      entry.isKeptShort = !isBookingSafe
    },
    () => {
      if (known.get(baseUrl) === entry) known.delete(baseUrl)
    },
  )
  for (const oldest of known.keys()) {
    if (known.size <= MOST_BASES) break
    known.delete(oldest)
  }
  return read
}

/** The server named an operation that turned out not to be there: it counts as not offered until the server is asked again. */
export function denyOperation({ baseUrl }: FhirClient, definition: string): void {
  known.get(baseUrl)?.denied.add(definition)
}
