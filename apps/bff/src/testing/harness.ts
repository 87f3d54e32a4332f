import type { Resource } from '@medplum/fhirtypes'
import type { Role } from '@openward/access'
import { FhirClient, fetchTransport } from '@openward/fhir-client'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type App, buildApp } from '#/app.ts'
import { type Env, readEnv } from '#/env.ts'
import { createLog } from '#/lib/log.ts'
import { freePort, startTestRecord, type TestRecord } from './record.ts'
import { startTestIssuer, type TestIssuer } from './tokens.ts'

/** Someone a test signs in as. `fhirUser` must be in the record of the organisation. */
export type TestPerson = { fhirUser: string; roles: readonly Role[]; organization?: string; sub?: string }

/** The BFF in this process over the real record in another, with data of their own. */
export type Harness = {
  app: App
  env: Env
  record: TestRecord
  issuer: TestIssuer
  dataFolder: string
  origin: string
  /** Address of `/fhir`. */
  fhirUrl: string
  tokenFor: (person: TestPerson) => Promise<string>
  /** A client that goes through the BFF as this person. */
  clientFor: (person: TestPerson) => Promise<FhirClient>
  /** A plain request as this person, or with no token. */
  fetchAs: (person: TestPerson | undefined, path: string, init?: RequestInit) => Promise<Response>
  /** Puts resources with fixed ids into the record, past the BFF. */
  seed: (resources: readonly (Resource & { id: string })[], organization?: string) => Promise<void>
  stop: () => Promise<void>
}

type Options = {
  organizations?: readonly string[]
  /** Settings that win over the harness's own. */
  env?: Record<string, string>
  now?: () => number
}

async function seedInto(
  record: TestRecord,
  resources: readonly (Resource & { id: string })[],
  organization: string,
): Promise<void> {
  const entry = resources.map((resource) => ({
    resource,
    request: { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` },
  }))
  await record.fhir(organization).batch({ resourceType: 'Bundle', type: 'transaction', entry })
}

/** Starts record and BFF with an empty store in a temporary folder; `stop` takes everything away again. */
export async function startHarness(options: Options = {}): Promise<Harness> {
  const organizations = options.organizations ?? ['openward', 'lakeside']
  const dataFolder = await mkdtemp(join(tmpdir(), 'openward-bff-'))
  const issuer = await startTestIssuer()
  const record = await startTestRecord(dataFolder, organizations)
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const trusted = [
    { issuer: issuer.issuer, jwks: issuer.jwksUrl, audience: ['api://openward'], kind: 'local' },
  ]
  const env = readEnv({
    PORT: String(port),
    PUBLIC_ORIGIN: origin,
    FHIR_BASE_URL: record.baseUrl,
    FHIR_AUTH: 'bearer',
    FHIR_TOKEN: record.secret,
    TRUSTED_ISSUERS: JSON.stringify(trusted),
    OPENWARD_DATA: dataFolder,
    LOG_LEVEL: 'silent',
    RATE_LIMIT_PER_MINUTE: '1000000',
    ...options.env,
  })
  const app = await buildApp({
    env,
    log: createLog(env.LOG_LEVEL),
    ...(options.now ? { now: options.now } : {}),
  })
  await app.server.listen({ port, host: '127.0.0.1' })
  const fhirUrl = `${origin}/fhir`

  function tokenFor({
    fhirUser,
    roles,
    organization = organizations[0] ?? 'openward',
    sub = fhirUser,
  }: TestPerson): Promise<string> {
    return issuer.mint({ sub, fhirUser, roles, organization })
  }
  async function clientFor(person: TestPerson): Promise<FhirClient> {
    const authorization = `Bearer ${await tokenFor(person)}`
    return new FhirClient(fetchTransport({ baseUrl: fhirUrl, headers: () => ({ authorization }) }))
  }
  async function fetchAs(
    person: TestPerson | undefined,
    path: string,
    init: RequestInit = {},
  ): Promise<Response> {
    const headers = new Headers(init.headers)
    if (person) headers.set('authorization', `Bearer ${await tokenFor(person)}`)
    return fetch(`${fhirUrl}${path}`, { ...init, headers, redirect: 'manual' })
  }
  async function stop(): Promise<void> {
    await app.close()
    await record.stop()
    await issuer.stop()
    await rm(dataFolder, { recursive: true, force: true })
  }
  const seed = (
    resources: readonly (Resource & { id: string })[],
    organization = organizations[0] ?? 'openward',
  ) => seedInto(record, resources, organization)
  return { app, env, record, issuer, dataFolder, origin, fhirUrl, tokenFor, clientFor, fetchAs, seed, stop }
}
