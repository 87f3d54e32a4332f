import { join } from 'node:path'

import type { readSettings } from './env.ts'
import { prepareDataFolder, readRuntime, recordSecret, removeRuntime, writeRuntime } from './data-folder.ts'
import { Failure } from './failure.ts'
import { freePorts } from './ports.ts'
import { ProcessGroup } from './processes.ts'

/** Portals by the path they live under. */
export const PORTALS = [
  { path: '/patient', app: 'patient-access' },
  { path: '/care', app: 'care-management' },
  { path: '/home-health', app: 'home-health' },
  { path: '/outreach', app: 'outreach' },
] as const

export const ORGANIZATIONS = ['openward', 'lakeside'] as const

type Options = {
  settings: ReturnType<typeof readSettings>
  mode: 'start' | 'dev' | 'test'
  onStep: (sentence: string) => void
  /** Without portals: for tests and benches that speak to the BFF only. */
  withPortals?: boolean
}

/** A running system. */
export type System = {
  origin: string
  /** Template with `{organization}`. */
  fhirBaseUrl: string
  fhirToken: string | undefined
  group: ProcessGroup
  stop: () => Promise<void>
}

const READY_TIMEOUT_MS = 120_000
/** A new version may index a large record again before it answers; an interruption loses little of that. */
const RECORD_READY_TIMEOUT_MS = 3_600_000

async function waitUntilReady(
  url: string,
  isStopped: () => boolean,
  timeoutMs = READY_TIMEOUT_MS,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!isStopped()) {
    const isReady = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) }).then(
      (response) => response.status < 400,
      () => false,
    )
    if (isReady) return
    if (Date.now() > deadline) throw new Failure(`${url} did not answer in time; see the logs folder.`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function entraSettings({ settings }: Options) {
  const { ENTRA_TENANT_ID: tenant, ENTRA_CLIENT_ID: client, ENTRA_API_CLIENT_ID: api } = settings
  if (!tenant) return undefined
  if (!client || !api) {
    throw new Failure(
      'Sign-in with Microsoft Entra needs ENTRA_TENANT_ID, ENTRA_CLIENT_ID and ENTRA_API_CLIENT_ID together.',
    )
  }
  const authority = settings.ENTRA_AUTHORITY ?? `https://login.microsoftonline.com/${tenant}`
  return {
    issuer: {
      issuer: `${authority}/v2.0`,
      jwks: `${authority}/discovery/v2.0/keys`,
      audience: [api],
      kind: 'entra',
      organization: settings.FHIR_ORGANIZATION,
    },
    portal: {
      AUTH_MODE: 'entra',
      ENTRA_TENANT_ID: tenant,
      ENTRA_AUTHORITY: settings.ENTRA_AUTHORITY,
      OIDC_CLIENT_ID: client,
      OIDC_API_SCOPE: `api://${api}/access_as_user`,
    },
  }
}

/** Starts record, identity, portals and BFF, each on a free loopback port; only the BFF's is public. */
export async function startSystem(options: Options): Promise<System> {
  const { settings, mode, onStep, withPortals = true } = options
  const { dataFolder } = settings
  prepareDataFolder(dataFolder)
  const running = readRuntime(dataFolder)
  if (running) throw new Failure(`Openward already runs on ${running.origin} with the data in ${dataFolder}.`)

  const origin = `http://localhost:${settings.PORT}`
  const entra = entraSettings(options)
  const [recordPort, identityPort, ...portalPorts] = await freePorts(2 + PORTALS.length)
  const group = new ProcessGroup({ logFolder: join(dataFolder, 'logs'), echo: mode === 'dev' })
  let isStopped = false
  let stopping: Promise<void> | undefined
  const stop = () => {
    isStopped = true
    stopping ??= group.stop().finally(() => removeRuntime(dataFolder))
    return stopping
  }
  const started = new Promise<never>((_resolve, reject) => {
    group.onUnexpectedExit = (name, lines) => {
      if (isStopped) return
      reject(
        new Failure(`${lines.join('\n')}\nThe part "${name}" stopped by itself, so everything was stopped.`),
      )
    }
  })

  const secret = recordSecret(dataFolder)
  const common = { NODE_ENV: mode === 'dev' ? 'development' : 'production', OPENWARD_DATA: dataFolder }
  const isEmbedded = settings.FHIR_BASE_URL === undefined
  const fhirBaseUrl = settings.FHIR_BASE_URL ?? `http://127.0.0.1:${recordPort}/{organization}`
  const fhirToken = isEmbedded ? secret : settings.FHIR_TOKEN
  const upstreams: Record<string, string> = {}
  const watch = mode === 'dev' ? ['--watch'] : []

  onStep('Starting the record, sign-in and the portals')
  if (isEmbedded) {
    group.start('record', 'apps/record', [...watch, 'src/main.ts'], {
      ...common,
      RECORD_PORT: String(recordPort),
      RECORD_SECRET: secret,
      RECORD_ORGANIZATIONS: ORGANIZATIONS.join(','),
    })
  }
  const issuer = `${origin}/identity`
  if (!entra) {
    upstreams['/identity'] = `http://127.0.0.1:${identityPort}`
    group.start('identity', 'apps/identity', [...watch, 'src/main.ts'], {
      ...common,
      IDENTITY_PORT: String(identityPort),
      ISSUER: issuer,
      PUBLIC_ORIGIN: origin,
      ...(mode === 'test' ? { OPENWARD_TEST_ACCOUNTS: '1' } : {}),
    })
  }
  if (withPortals) {
    PORTALS.forEach(({ path, app }, index) => {
      upstreams[path] = `http://127.0.0.1:${portalPorts[index]}`
      const next = ['node_modules/next/dist/bin/next', mode === 'dev' ? 'dev' : 'start']
      group.start(app, `apps/${app}`, [...next, '-H', '127.0.0.1', '-p', String(portalPorts[index])], {
        ...common,
        BFF_ORIGIN: `http://127.0.0.1:${settings.PORT}`,
        ...(entra?.portal ?? { AUTH_MODE: 'oidc', OIDC_ISSUER: issuer, OIDC_CLIENT_ID: app }),
      })
    })
  }
  const trusted = entra?.issuer ?? {
    issuer,
    jwks: `http://127.0.0.1:${identityPort}/identity/jwks`,
    audience: ['api://openward'],
    kind: 'local',
  }
  group.start('bff', 'apps/bff', [...watch, 'src/main.ts'], {
    ...common,
    PORT: String(settings.PORT),
    PUBLIC_ORIGIN: origin,
    FHIR_BASE_URL: fhirBaseUrl,
    FHIR_AUTH: settings.FHIR_AUTH ?? (fhirToken ? 'bearer' : 'none'),
    FHIR_TOKEN: fhirToken,
    FHIR_ORGANIZATION: settings.FHIR_ORGANIZATION,
    TRUSTED_ISSUERS: JSON.stringify([trusted]),
    UPSTREAMS: JSON.stringify(upstreams),
    RATE_LIMIT_PER_MINUTE:
      settings.RATE_LIMIT_PER_MINUTE?.toString() ?? (mode === 'test' ? '100000' : undefined),
  })

  try {
    const isReady = async () => {
      const record = `http://127.0.0.1:${recordPort}/health`
      if (isEmbedded) await waitUntilReady(record, () => isStopped, RECORD_READY_TIMEOUT_MS)
      await Promise.all(addresses.map((url) => waitUntilReady(url, () => isStopped)))
    }
    const addresses = [
      ...(entra ? [] : [`http://127.0.0.1:${identityPort}/identity/.well-known/openid-configuration`]),
      `${origin}/health/ready`,
      ...(withPortals ? PORTALS.map(({ path }) => `${origin}${path}`) : []),
    ]
    await Promise.race([started, isReady()])
  } catch (error) {
    await stop()
    throw error
  }
  writeRuntime(dataFolder, {
    pid: process.pid,
    origin,
    fhirBaseUrl,
    ...(fhirToken ? { token: fhirToken } : {}),
  })
  return { origin, fhirBaseUrl, fhirToken, group, stop }
}
