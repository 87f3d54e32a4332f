import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestRecord, type TestRecord, type Answered } from './record.ts'

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord(['openward', 'lakeside'])
})
afterAll(() => record.stop())

const patient = (family: string, more: object = {}) => ({
  resourceType: 'Patient',
  name: [{ family }],
  ...more,
})

describe('the door', () => {
  test('answers nothing but its health without the secret', async () => {
    expect((await fetch(`http://127.0.0.1:${record.port}/health`)).status).toBe(200)
    expect((await fetch(`${record.base}/Patient`)).status).toBe(401)
    expect((await record.send('GET', 'Patient', undefined, { authorization: 'Bearer wrong' })).status).toBe(
      401,
    )
  })

  test('keeps organisations in separate files', async () => {
    await record.send('PUT', 'Patient/only-here', patient('Here', { id: 'only-here' }))
    const elsewhere = `http://127.0.0.1:${record.port}/lakeside/Patient/only-here`
    const response = await fetch(elsewhere, { headers: { authorization: `Bearer a-secret-for-tests-only` } })
    expect(response.status).toBe(404)
    expect((await record.send('GET', '../unknown/Patient')).status).toBe(404)
  })
})

describe('reading and writing', () => {
  test('a created resource has a location, version 1 and a weak ETag, and reads back', async () => {
    const created = await record.send('POST', 'Patient', patient('Núñez'))
    expect(created.status).toBe(201)
    expect(created.headers.get('etag')).toBe('W/"1"')
    expect(created.headers.get('last-modified')).toMatch(/GMT$/)
    expect(created.headers.get('location')).toBe(`${record.base}/Patient/${created.json.id}/_history/1`)
    const read = await record.send('GET', `Patient/${created.json.id}`)
    expect(read.json).toEqual(created.json)
    expect(read.json.meta.versionId).toBe('1')
  })

  test('Prefer: return=minimal answers without a body', async () => {
    const created = await record.send('POST', 'Patient', patient('Quiet'), { prefer: 'return=minimal' })
    expect(created.status).toBe(201)
    expect(created.json).toBeUndefined()
  })

  test('an update with a stale If-Match is refused and changes nothing', async () => {
    const { json } = await record.send('POST', 'Patient', patient('One'))
    const path = `Patient/${json.id}`
    const fresh = await record.send('PUT', path, patient('Two', { id: json.id }), { 'if-match': 'W/"1"' })
    expect([fresh.status, fresh.headers.get('etag')]).toEqual([200, 'W/"2"'])
    const stale = await record.send('PUT', path, patient('Three', { id: json.id }), { 'if-match': 'W/"1"' })
    expect([stale.status, stale.json.resourceType]).toEqual([412, 'OperationOutcome'])
    expect((await record.send('GET', path)).json.name[0].family).toBe('Two')
  })

  test('an If-Match on what does not exist, or that is no ETag, is refused', async () => {
    const body = patient('Ghost', { id: 'ghost' })
    expect((await record.send('PUT', 'Patient/ghost', body, { 'if-match': 'W/"1"' })).status).toBe(412)
    expect((await record.send('PUT', 'Patient/ghost', body, { 'if-match': '1' })).status).toBe(400)
    expect((await record.send('GET', 'Patient/ghost')).status).toBe(404)
  })

  test('an update creates what is not there, and If-None-Match: * only that', async () => {
    const body = patient('New', { id: 'put-new' })
    expect((await record.send('PUT', 'Patient/put-new', body, { 'if-none-match': '*' })).status).toBe(201)
    expect(
      (await record.send('PUT', 'Patient/put-new', { ...body, active: true }, { 'if-none-match': '*' }))
        .status,
    ).toBe(412)
  })

  test('the same content again makes no new version', async () => {
    const body = patient('Same', { id: 'same', meta: { tag: [{ system: 'urn:x', code: 'a' }] } })
    await record.send('PUT', 'Patient/same', body)
    const again = await record.send('PUT', 'Patient/same', body)
    expect([again.status, again.headers.get('etag')]).toEqual([200, 'W/"1"'])
    const echoed = (await record.send('GET', 'Patient/same')).json
    expect((await record.send('PUT', 'Patient/same', echoed)).headers.get('etag')).toBe('W/"1"')
  })

  test('a version that the client knows is answered 304', async () => {
    const { json } = await record.send('POST', 'Patient', patient('Known'))
    const known = await record.send('GET', `Patient/${json.id}`, undefined, { 'if-none-match': 'W/"1"' })
    expect([known.status, known.json]).toEqual([304, undefined])
  })

  test('a deleted resource answers 410, keeps its history and comes back by an update', async () => {
    const body = patient('Gone', { id: 'gone' })
    await record.send('PUT', 'Patient/gone', body)
    expect((await record.send('DELETE', 'Patient/gone')).status).toBe(204)
    expect((await record.send('GET', 'Patient/gone')).status).toBe(410)
    expect((await record.send('GET', 'Patient/gone/_history/2')).status).toBe(410)
    expect((await record.send('GET', 'Patient/gone/_history/1')).json.name).toEqual(body.name)
    expect((await record.send('GET', 'Patient?family=Gone')).json.total).toBe(0)
    expect((await record.send('DELETE', 'Patient/gone')).status).toBe(204)
    expect((await record.send('PUT', 'Patient/gone', body)).status).toBe(201)
    const history = await record.send('GET', 'Patient/gone/_history')
    expect(history.json.entry.map((entry: Answered) => entry.request.method)).toEqual([
      'POST',
      'DELETE',
      'POST',
    ])
    expect(history.json.entry[0].resource.meta.versionId).toBe('3')
  })

  test('a delete with a stale If-Match is refused', async () => {
    const { json } = await record.send('POST', 'Patient', patient('Keep'))
    expect(
      (await record.send('DELETE', `Patient/${json.id}`, undefined, { 'if-match': 'W/"7"' })).status,
    ).toBe(412)
    expect((await record.send('GET', `Patient/${json.id}`)).status).toBe(200)
  })

  test('an AuditEvent can be sent again but never changed or deleted', async () => {
    const event = {
      resourceType: 'AuditEvent',
      id: 'seen',
      type: { code: 'rest' },
      recorded: '2026-01-01T00:00:00Z',
      agent: [{ requestor: true }],
      source: { observer: { display: 'x' } },
    }
    expect((await record.send('PUT', 'AuditEvent/seen', event)).status).toBe(201)
    expect((await record.send('PUT', 'AuditEvent/seen', event)).status).toBe(200)
    expect((await record.send('PUT', 'AuditEvent/seen', { ...event, outcome: '8' })).status).toBe(405)
    expect((await record.send('DELETE', 'AuditEvent/seen')).status).toBe(405)
  })

  test('the history of a type is paged, newest first, and honours _since', async () => {
    for (const name of ['A', 'B', 'C'])
      await record.send('PUT', `Location/${name}`, { resourceType: 'Location', id: name, name })
    const first = await record.send('GET', 'Location/_history?_count=2')
    expect(first.json.entry.map((entry: Answered) => entry.resource.id)).toEqual(['C', 'B'])
    const next = first.json.link
      .find((link: Answered) => link.relation === 'next')
      .url.slice(record.base.length + 1)
    expect((await record.send('GET', next)).json.entry.map((entry: Answered) => entry.resource.id)).toEqual([
      'A',
    ])
    const since = await record.send(
      'GET',
      `Location/_history?_since=${new Date(Date.now() + 60_000).toISOString()}`,
    )
    expect(since.json.entry).toBeUndefined()
    expect((await record.send('GET', '_history?_count=1')).json.entry).toHaveLength(1)
  })
})

describe('conditional interactions', () => {
  const withIdentifier = (value: string, family: string) =>
    patient(family, { identifier: [{ system: 'urn:mrn', value }] })

  test('If-None-Exist creates once', async () => {
    const headers = { 'if-none-exist': 'identifier=urn:mrn|once' }
    const first = await record.send('POST', 'Patient', withIdentifier('once', 'First'), headers)
    const second = await record.send('POST', 'Patient', withIdentifier('once', 'Second'), headers)
    expect([first.status, second.status]).toEqual([201, 200])
    expect(second.json.id).toBe(first.json.id)
    expect(second.json.name[0].family).toBe('First')
  })

  test('a hundred conditional creates at once make one resource', async () => {
    const headers = { 'if-none-exist': 'identifier=urn:mrn|crowd' }
    const all = await Promise.all(
      Array.from({ length: 100 }, () =>
        record.send('POST', 'Patient', withIdentifier('crowd', 'Crowd'), headers),
      ),
    )
    expect(all.filter((one) => one.status === 201)).toHaveLength(1)
    expect(new Set(all.map((one) => one.json.id)).size).toBe(1)
  })

  test('a conditional update updates the match, creates without one, and refuses several', async () => {
    const created = await record.send('PUT', 'Patient?identifier=urn:mrn|cond', withIdentifier('cond', 'C1'))
    expect(created.status).toBe(201)
    const updated = await record.send('PUT', 'Patient?identifier=urn:mrn|cond', withIdentifier('cond', 'C2'))
    expect([updated.status, updated.json.id]).toEqual([200, created.json.id])
    await record.send('POST', 'Patient', withIdentifier('cond', 'C3'))
    expect(
      (await record.send('PUT', 'Patient?identifier=urn:mrn|cond', withIdentifier('cond', 'C4'))).status,
    ).toBe(412)
  })

  test('a conditional delete deletes the one match and refuses several', async () => {
    await record.send('POST', 'Patient', withIdentifier('del', 'D'))
    expect((await record.send('DELETE', 'Patient?identifier=urn:mrn|del')).status).toBe(204)
    expect((await record.send('GET', 'Patient?identifier=urn:mrn|del')).json.total).toBe(0)
    await record.send('POST', 'Patient', withIdentifier('del2', 'D'))
    await record.send('POST', 'Patient', withIdentifier('del2', 'D'))
    expect((await record.send('DELETE', 'Patient?identifier=urn:mrn|del2')).status).toBe(412)
    expect((await record.send('DELETE', 'Patient')).status).toBe(400)
  })
})

describe('the change feed', () => {
  test('wakes a waiting reader with type, id, version and patients, never content', async () => {
    const start = (await record.send('GET', '$changes')).json.next
    const waiting = record.send('GET', `$changes?since=${start}&wait=20`)
    await record.send('PUT', 'Appointment/fed', {
      resourceType: 'Appointment',
      id: 'fed',
      status: 'proposed',
      participant: [{ status: 'accepted', actor: { reference: 'Patient/only-here' } }],
    })
    const { json } = await waiting
    expect(json.changes).toEqual([
      {
        seq: start + 1,
        type: 'Appointment',
        id: 'fed',
        versionId: '1',
        method: 'POST',
        patients: ['only-here'],
      },
    ])
    expect((await record.send('GET', `$changes?since=${json.next}`)).json).toEqual({
      next: json.next,
      changes: [],
    })
  })
})

test('the capability statement names every type and only parameters that are searchable', async () => {
  const { json } = await record.send('GET', 'metadata')
  expect(json.rest[0].resource).toHaveLength(147)
  const slot = json.rest[0].resource.find((one: Answered) => one.type === 'Slot')
  for (const { name, type } of slot.searchParam) {
    const value = type === 'date' ? '2026-01-01' : type === 'reference' ? 'Schedule/1' : 'x'
    expect((await record.send('GET', `Slot?${name}=${value}`)).status).toBe(200)
  }
})
