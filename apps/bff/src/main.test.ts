import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Harness, startHarness } from '#/testing/harness.ts'
import * as people from '#/testing/people.ts'
import { freePort } from '#/testing/record.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  await harness.seed(people.RESOURCES)
})
afterAll(() => harness.stop())

type Started = { child: ChildProcess; origin: string; said: () => string }

async function start(changes: Record<string, string>): Promise<Started> {
  const { issuer, record, dataFolder } = harness
  const port = changes.PORT ?? String(await freePort())
  const origin = `http://127.0.0.1:${port}`
  const trusted = [
    { issuer: issuer.issuer, jwks: issuer.jwksUrl, audience: ['api://openward'], kind: 'local' },
  ]
  const env = {
    PORT: port,
    PUBLIC_ORIGIN: origin,
    FHIR_BASE_URL: record.baseUrl,
    FHIR_AUTH: 'bearer',
    FHIR_TOKEN: record.secret,
    TRUSTED_ISSUERS: JSON.stringify(trusted),
    OPENWARD_DATA: dataFolder,
    ...changes,
  }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return { child, origin, said: () => text }
}

async function requireLive({ origin, said }: Started): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (
      await fetch(`${origin}/health/live`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
    await pause(25)
  }
  throw new Error(`The BFF did not start: ${said()}`)
}

test('a wrong setting names itself, shows no value, and ends the start with 1', async () => {
  const { child, said } = await start({ RATE_LIMIT_PER_MINUTE: 'plenty', FHIR_AUTH: 'magic' })
  const [code] = await once(child, 'exit')
  expect(code).toBe(1)
  expect(said()).toContain('RATE_LIMIT_PER_MINUTE')
  expect(said()).toContain('FHIR_AUTH')
  expect(said()).not.toMatch(/plenty|magic/)
})

test('a taken port is one clear sentence and 1', async () => {
  const port = new URL(harness.origin).port
  const { child, said } = await start({ PORT: port, LOG_LEVEL: 'silent' })
  const [code] = await once(child, 'exit')
  expect(code).toBe(1)
  expect(said().trim()).toBe(`PORT: ${port} is taken by another program`)
})

test('logs are JSON with correlation ids, and hold no health data, no addresses with queries, no tokens', async () => {
  const started = await start({ LOG_LEVEL: 'trace' })
  await requireLive(started)
  const { CANARY, CLINICIAN, PATIENT_A, ADMINISTRATOR } = people
  const ask = async (
    person: typeof CLINICIAN,
    path: string,
    init: { method?: string; body?: string; headers?: Record<string, string> } = {},
  ) => {
    const headers = {
      authorization: `Bearer ${await harness.tokenFor(person)}`,
      'content-type': 'application/fhir+json',
      ...init.headers,
    }
    const response = await fetch(`${started.origin}${path}`, { ...init, headers })
    await response.arrayBuffer()
    return response
  }
  const read = await ask(CLINICIAN, '/fhir/Patient/b')
  expect(read.status).toBe(200)
  await ask(CLINICIAN, `/fhir/Patient?name=${CANARY}&${CANARY}=1`)
  await ask(PATIENT_A, `/fhir/Patient/${CANARY}`)
  await ask(PATIENT_A, `/${CANARY}/x?${CANARY}`)
  await ask(ADMINISTRATOR, '/fhir/Location', {
    method: 'POST',
    body: `{"resourceType":"Location","${CANARY}":1}`,
  })
  await ask(ADMINISTRATOR, '/fhir/Location', { method: 'POST', body: `{"${CANARY}` })
  await ask(PATIENT_A, '/fhir/Patient/a', { headers: { authorization: `Bearer ${CANARY}` } })
  started.child.kill('SIGTERM')
  await once(started.child, 'exit')
  const lines = started
    .said()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.some(({ correlationId }) => correlationId === read.headers.get('x-correlation-id'))).toBe(true)
  expect(started.said()).not.toContain('mark-of')
  expect(started.said()).not.toContain(CANARY)
  expect(started.said()).not.toMatch(/eyJ|Patient\/b/)
})

test('a request that has begun is answered before the process leaves', async () => {
  const arrived = Promise.withResolvers<() => void>()
  const portal = createServer((_request, response) => {
    response.write('begun ')
    arrived.resolve(() => response.end('ended'))
  })
  portal.listen(0, '127.0.0.1')
  await once(portal, 'listening')
  const upstreams = { '/patient': `http://127.0.0.1:${(portal.address() as AddressInfo).port}` }
  const started = await start({ UPSTREAMS: JSON.stringify(upstreams), LOG_LEVEL: 'silent' })
  await requireLive(started)
  const answer = fetch(`${started.origin}/patient`)
  const finish = await arrived.promise
  const exited = once(started.child, 'exit')
  started.child.kill('SIGTERM')
  finish()
  expect(await (await answer).text()).toBe('begun ended')
  expect((await exited)[0]).toBe(0)
  portal.close()
})
