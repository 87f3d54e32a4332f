import type { AuditEvent } from '@medplum/fhirtypes'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Harness, startHarness, type TestPerson } from '#/testing/harness.ts'
import * as people from '#/testing/people.ts'
import { freePort } from '#/testing/record.ts'

const { ADMINISTRATOR, CLINICIAN, PATIENT_A } = people

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  await harness.seed(people.RESOURCES)
})
afterAll(() => harness.stop())

/** The events of the request with this correlation id, shipped first. */
async function eventsOf(correlationId: string | null): Promise<AuditEvent[]> {
  await harness.app.shipper.ship()
  const all = await harness.record.fhir().searchAll('AuditEvent', { _count: 500 })
  return all.filter(({ entity }) => entity?.some(({ what }) => what?.identifier?.value === correlationId))
}

async function auditOf(
  person: TestPerson | undefined,
  path: string,
  init?: RequestInit,
): Promise<{ status: number; events: AuditEvent[] }> {
  const response = await harness.fetchAs(person, path, init)
  await response.arrayBuffer()
  return { status: response.status, events: await eventsOf(response.headers.get('x-correlation-id')) }
}

function patientsOf(event: AuditEvent | undefined): string[] {
  return (
    event?.entity?.flatMap(({ what }) => (what?.reference?.startsWith('Patient/') ? [what.reference] : [])) ??
    []
  )
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

describe('every touch leaves exactly one audit event', () => {
  test('a read names who, what and whose', async () => {
    const { events } = await auditOf(CLINICIAN, '/Observation/o-b')
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({
      action: 'R',
      outcome: '0',
      subtype: [{ code: 'read' }],
      type: { code: 'rest' },
    })
    expect(events[0]?.agent[0]).toMatchObject({
      requestor: true,
      who: { reference: 'Practitioner/clinician' },
    })
    expect(patientsOf(events[0])).toEqual(['Patient/b'])
  })

  test('a search names every patient that it showed, and the question', async () => {
    const { events } = await auditOf(CLINICIAN, '/Observation/_search', {
      method: 'POST',
      headers: FORM,
      body: 'status=final',
    })
    expect(events).toHaveLength(1)
    expect(patientsOf(events[0]).toSorted()).toEqual([
      'Patient/a',
      'Patient/b',
      'Patient/grown',
      'Patient/kid',
    ])
    const query = events[0]?.entity?.find((entity) => entity.query !== undefined)?.query ?? ''
    expect(Buffer.from(query, 'base64').toString()).toBe('Observation?status=final')
  })

  test('history, an operation and each entry of a batch are audited', async () => {
    expect((await auditOf(PATIENT_A, '/Patient/a/_history')).events).toMatchObject([
      { subtype: [{ code: 'history-instance' }] },
    ])
    expect((await auditOf(PATIENT_A, '/$whoami')).events).toMatchObject([
      { subtype: [{ code: 'operation' }] },
    ])
    const entry = ['Patient/a', 'Patient/b'].map((url) => ({ request: { method: 'GET', url } }))
    const body = JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry })
    const { events } = await auditOf(PATIENT_A, '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(new Set(events.map(({ outcome }) => outcome))).toEqual(new Set(['0', '4']))
    expect(events).toHaveLength(2)
  })

  test('a write’s event is stored with the write itself, before anything is shipped', async () => {
    const client = await harness.clientFor(PATIENT_A)
    const patient = await client.read('Patient', 'a')
    await client.update({ ...patient, telecom: [{ system: 'phone', value: '555-0101' }] })
    const { resources } = await harness.record.fhir().search('AuditEvent', { action: 'U' })
    expect(resources.map(patientsOf)).toContainEqual(['Patient/a'])
  })

  test('a refused write leaves the resource as it was and an event that says so', async () => {
    const init = {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'if-match': 'W/"1"' },
      body: '{"resourceType":"Patient","id":"b"}',
    }
    const { status, events } = await auditOf(PATIENT_A, '/Patient/b', init)
    expect(status).toBe(403)
    expect(events).toMatchObject([{ action: 'U', outcome: '4' }])
  })

  test('a create’s event names what was created', async () => {
    const client = await harness.clientFor(ADMINISTRATOR)
    const site = await client.create({ resourceType: 'Location' as const, name: 'Audited' })
    const { resources } = await harness.record.fhir().search('AuditEvent', { action: 'C' })
    expect(JSON.stringify(resources)).toContain(`Location/${site.id}`)
  })

  test.each(['/Patient/b', '/Observation?pateint=a', '/AuditEvent', '/Foo/1'])(
    'a refusal of %s is audited',
    async (path) => {
      const { events } = await auditOf(PATIENT_A, path)
      expect(events).toMatchObject([{ outcome: '4' }])
    },
  )

  test.each<[string, string, string, string, number]>([
    ['/Patient/a', 'PUT', 'application/fhir+json', '{"resourceType":', 400],
    ['/Patient/a', 'PUT', 'text/plain', '{}', 415],
    ['/Patient/a', 'PUT', 'application/fhir+json', `"${'x'.repeat(1_100_000)}"`, 413],
    ['/Patient/a', 'PATCH', 'application/json', '[]', 415],
    ['', 'POST', 'application/fhir+json', 'x', 400],
    ['/https://evil.example/Patient/1', 'GET', 'application/json', '', 400],
  ])(
    'what cannot be read (%s %s %s) is audited once, as asked by whom',
    async (path, method, type, body, status) => {
      const answer = await auditOf(PATIENT_A, path, {
        method,
        headers: { 'content-type': type },
        ...(body === '' ? {} : { body }),
      })
      expect(answer.status).toBe(status)
      expect(answer.events).toMatchObject([
        { outcome: '4', agent: [{ who: { reference: 'Patient/a' } }, {}] },
      ])
      expect(patientsOf(answer.events[0])).toEqual(path === '/Patient/a' ? ['Patient/a'] : [])
    },
  )

  test('so is every entry of a batch that cannot be read', async () => {
    const entry = [
      { request: { method: 'GET', url: 'https://evil.example/Patient/1' } },
      { request: { method: 'TRACE', url: 'Patient/a' } },
      { request: { method: 'GET', url: '' } },
      { request: { method: 'GET' } },
      {},
      { request: { method: 'POST', url: '/' } },
    ]
    const { events } = await auditOf(PATIENT_A, '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry }),
    })
    expect(events.map(({ outcome }) => outcome)).toEqual(entry.map(() => '4'))
  })

  test('a sign-in that fails is audited, an anonymous knock is not', async () => {
    const headers = { authorization: 'Bearer a.b.c' }
    const failed = await auditOf(undefined, '/Patient/a', { headers })
    expect(failed.status).toBe(401)
    expect(failed.events).toMatchObject([{ type: { code: '110114' }, outcome: '4' }])
    expect((await auditOf(undefined, '/Patient/a')).events).toEqual([])
    const stranger = await auditOf({ fhirUser: 'Patient/nobody', roles: ['patient'] }, '/Patient/a')
    expect(stranger.status).toBe(403)
    expect(stranger.events).toHaveLength(1)
  })
})

describe('the spool', () => {
  function startProcess(port: number): ChildProcess {
    const { env, record, issuer, dataFolder } = harness
    const trusted = [
      { issuer: issuer.issuer, jwks: issuer.jwksUrl, audience: ['api://openward'], kind: 'local' },
    ]
    const environment = {
      PORT: String(port),
      PUBLIC_ORIGIN: `http://127.0.0.1:${port}`,
      FHIR_BASE_URL: record.baseUrl,
      FHIR_AUTH: env.FHIR_AUTH,
      FHIR_TOKEN: record.secret,
      TRUSTED_ISSUERS: JSON.stringify(trusted),
      OPENWARD_DATA: dataFolder,
      LOG_LEVEL: 'silent',
    }
    const main = join(import.meta.dirname, '../../main.ts')
    return spawn(process.execPath, [main], { env: environment, stdio: 'ignore' })
  }

  async function requireLive(origin: string): Promise<void> {
    for (let attempt = 0; attempt < 400; attempt++) {
      const isLive = await fetch(`${origin}/health/live`).then(
        ({ ok }) => ok,
        () => false,
      )
      if (isLive) return
      await pause(25)
    }
    throw new Error('The BFF did not start')
  }

  test('of a process that was killed is shipped by another one: nothing lost, nothing twice', async () => {
    const port = await freePort()
    const child = startProcess(port)
    const origin = `http://127.0.0.1:${port}`
    await requireLive(origin)
    const authorization = `Bearer ${await harness.tokenFor(CLINICIAN)}`
    const ids = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const response = await fetch(`${origin}/fhir/Patient/b`, { headers: { authorization } })
        expect(response.status).toBe(200)
        return response.headers.get('x-correlation-id') ?? ''
      }),
    )
    child.kill('SIGKILL')
    await once(child, 'exit')
    await harness.app.shipper.ship()
    await harness.app.shipper.ship()
    const stored = await harness.record.fhir().searchAll('AuditEvent', { _count: 500 })
    for (const id of ids) {
      const own = stored.filter(({ entity }) => entity?.some(({ what }) => what?.identifier?.value === id))
      expect(own).toHaveLength(1)
    }
    const left = await readdir(join(harness.dataFolder, 'audit'))
    expect(left.filter((name) => name.startsWith(`${child.pid}-`))).toEqual([])
  })

  test('is not held up by an event that the record will never take', async () => {
    const nowhere = await harness.fetchAs({ ...CLINICIAN, organization: 'nowhere' }, '/Patient/b')
    expect(nowhere.status).toBe(403)
    const { events } = await auditOf(CLINICIAN, '/Patient/b')
    expect(events).toHaveLength(1)
    const left = await readdir(join(harness.dataFolder, 'audit'))
    expect(left.filter((name) => name.endsWith('.refused'))).toHaveLength(1)
  })

  test('a process that is told to stop hands everything over and leaves with 0', async () => {
    const port = await freePort()
    const child = startProcess(port)
    await requireLive(`http://127.0.0.1:${port}`)
    const authorization = `Bearer ${await harness.tokenFor(PATIENT_A)}`
    await fetch(`http://127.0.0.1:${port}/fhir/Patient/a`, { headers: { authorization } }).then((response) =>
      response.text(),
    )
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
    const left = await readdir(join(harness.dataFolder, 'audit'))
    expect(left.filter((name) => name.startsWith(`${child.pid}-`))).toEqual([])
  })
})
