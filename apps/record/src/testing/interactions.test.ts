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
    const first = await record.send('GET', 'Patient?identifier=urn:mrn|del2&_count=1')
    const cursor = new URL(first.json.link[1].url).searchParams.get('_cursor')
    expect((await record.send('DELETE', `Patient?identifier=urn:mrn|del2&_cursor=${cursor}`)).status).toBe(
      412,
    )
    expect((await record.send('DELETE', 'Patient')).status).toBe(400)
  })
})

describe('preconditions and preferences', () => {
  test('a read knows the versions and the times that a client has', async () => {
    const { json, headers } = await record.send('POST', 'Patient', patient('Cached'))
    const path = `Patient/${json.id}`
    const read = async (more: Record<string, string>) =>
      (await record.send('GET', path, undefined, more)).status
    const modified = headers.get('last-modified') ?? ''
    expect(await read({ 'if-none-match': 'W/"7", W/"1"' })).toBe(304)
    expect(await read({ 'if-none-match': '"1"' })).toBe(304)
    expect(await read({ 'if-none-match': '*' })).toBe(304)
    expect(await read({ 'if-none-match': 'W/"2"' })).toBe(200)
    expect(await read({ 'if-modified-since': modified })).toBe(304)
    expect(await read({ 'if-modified-since': new Date(0).toUTCString() })).toBe(200)
    expect(await read({ 'if-modified-since': 'long ago' })).toBe(200)
    expect(await read({ 'if-modified-since': modified, 'if-none-match': 'W/"2"' })).toBe(200)
    await record.send('PUT', path, patient('Changed', { id: json.id }))
    expect(await read({ 'if-none-match': 'W/"1"' })).toBe(200)
  })

  test('an update takes a list of versions or any version, and If-None-Match names what must not be there', async () => {
    const put = async (family: string, more: Record<string, string>) =>
      (await record.send('PUT', 'Patient/matched', patient(family, { id: 'matched' }), more)).status
    expect(await put('A', { 'if-match': '*' })).toBe(412)
    expect(await put('A', {})).toBe(201)
    expect(await put('B', { 'if-match': 'W/"9", W/"1"' })).toBe(200)
    expect(await put('C', { 'if-match': '*' })).toBe(200)
    expect(await put('D', { 'if-none-match': 'W/"3"' })).toBe(412)
    expect(await put('D', { 'if-none-match': 'W/"2"' })).toBe(200)
  })

  test('a conditional delete honours If-Match', async () => {
    await record.send(
      'POST',
      'Patient',
      patient('M', { identifier: [{ system: 'urn:mrn', value: 'if-match' }] }),
    )
    const erase = async (version: string) =>
      (await record.send('DELETE', 'Patient?identifier=urn:mrn|if-match', undefined, { 'if-match': version }))
        .status
    expect(await erase('W/"2"')).toBe(412)
    expect(await erase('W/"1"')).toBe(204)
  })

  test('Prefer: return decides what a write answers, also inside a bundle', async () => {
    const write = (prefer: string) =>
      record.send('PUT', 'Patient/preferred', patient('P', { id: 'preferred' }), { prefer })
    expect((await write('return=representation')).json.resourceType).toBe('Patient')
    expect((await write('return=minimal; wait=5')).json).toBeUndefined()
    const told = (await write('handling=strict, return=OperationOutcome')).json
    expect([told.resourceType, told.issue[0].severity]).toEqual(['OperationOutcome', 'information'])
    const entry = [
      { resource: patient('Q', { id: 'preferred' }), request: { method: 'PUT', url: 'Patient/preferred' } },
    ]
    const bundle = async (prefer: string) =>
      (await record.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry }, { prefer })).json
        .entry[0]
    expect((await bundle('return=OperationOutcome')).response.outcome.resourceType).toBe('OperationOutcome')
    expect((await bundle('return=representation')).resource.resourceType).toBe('Patient')
    expect((await bundle('return=minimal')).resource).toBeUndefined()
    const gone = await record.send('DELETE', 'Patient/preferred', undefined, {
      prefer: 'return=OperationOutcome',
    })
    expect([gone.status, gone.json.resourceType]).toEqual([200, 'OperationOutcome'])
  })

  test('a read is cut down to elements or a summary, and refuses what it does not know', async () => {
    const more = {
      gender: 'female',
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' },
    }
    const { json } = await record.send(
      'POST',
      'Patient',
      patient('Cut', { ...more, multipleBirthInteger: 2 }),
    )
    const keys = async (query: string) =>
      Object.keys((await record.send('GET', `Patient/${json.id}${query}`)).json).toSorted()
    const always = ['id', 'meta', 'resourceType']
    expect(await keys('?_elements=gender')).toEqual(['gender', ...always])
    expect(await keys('/_history/1?_elements=gender&_format=json')).toEqual(['gender', ...always])
    expect(await keys('?_summary=text')).toEqual([...always, 'text'])
    expect(await keys('?_summary=true')).toEqual(['gender', ...always.slice(0, 2), 'name', 'resourceType'])
    expect(await keys('?_summary=false')).toHaveLength(7)
    for (const query of ['_summary=count', '_summary=x', '_elements=a b', 'name=x', '_id=1'])
      expect((await record.send('GET', `Patient/${json.id}?${query}`)).status).toBe(400)
    const lenient = { prefer: 'handling=lenient' }
    expect((await record.send('GET', `Patient/${json.id}?name=x`, undefined, lenient)).status).toBe(200)
  })

  test('Prefer: handling=strict stands above lenient', async () => {
    const search = async (prefer: string) =>
      (await record.send('GET', 'Patient?nose=long', undefined, { prefer })).status
    expect(await search('handling=lenient')).toBe(200)
    expect(await search('handling=strict')).toBe(400)
    expect(await search('handling=lenient, handling=strict')).toBe(400)
  })
})

describe('what the door takes', () => {
  test.each([
    ['application/fhir+json', 201],
    ['application/fhir+json; charset=utf-8', 201],
    ['Application/JSON;charset="UTF-8"', 201],
    ['application/fhir+json; fhirVersion=4.0', 201],
    ['application/fhir+json; charset=iso-8859-1', 415],
    ['application/fhir+xml', 415],
    ['text/plain', 415],
    ['application/json-patch+json', 415],
  ])('a create with the content type %s is answered %i', async (type, status) => {
    const answer = await record.send('POST', 'Patient', patient('Typed'), { 'content-type': type })
    expect([answer.status, answer.json.resourceType]).toEqual([
      status,
      status === 201 ? 'Patient' : 'OperationOutcome',
    ])
  })

  test.each([
    ['PATCH', 'Patient/x', 'application/xml-patch+xml'],
    ['PATCH', 'Patient/x', 'text/plain'],
    ['POST', 'Patient/_search', 'application/json'],
    ['POST', '', 'text/xml'],
    ['POST', 'Slot/$find-busy', 'application/fhir+xml'],
  ])('%s %s with the content type %s is 415', async (method, path, type) => {
    const answer = await record.send(method, path, '{}', { 'content-type': type })
    expect(answer.status).toBe(415)
    expect(answer.json.issue[0].details.text.includes('XML is not supported')).toBe(type.includes('xml'))
  })

  test.each([
    ['application/fhir+json', '', 200],
    ['application/json;q=0.5, text/html', '', 200],
    ['text/html, */*;q=0.1', '', 200],
    ['application/fhir+xml', '', 406],
    ['application/json;q=0, text/html', '', 406],
    ['*/*', '_format=xml', 406],
    ['*/*', '_format=application/fhir%2Bxml', 406],
    ['text/html', '_format=json', 200],
    ['text/html', '_format=application/fhir+json', 200],
  ])('an answer as %s?%s is %i', async (accept, query, status) => {
    const answer = await record.send('GET', `Patient?${query}`, undefined, { accept })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      'application/fhir+json; charset=utf-8',
    ])
  })

  test.each([
    ['PUT', '', 'GET, HEAD, POST'],
    ['OPTIONS', 'Patient', 'GET, HEAD, POST, PUT, PATCH, DELETE'],
    ['POST', 'Patient/x', 'GET, HEAD, PUT, PATCH, DELETE'],
    ['DELETE', 'Patient/x/_history/1', 'GET, HEAD'],
    ['PUT', '_history', 'GET, HEAD'],
    ['GET', 'Patient/_search', 'POST'],
    ['POST', 'metadata', 'GET, HEAD'],
  ])('%s %s is 405 and names what is allowed', async (method, path, allowed) => {
    const answer = await record.send(method, path, method === 'GET' ? undefined : '{}')
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allowed])
  })

  test('HEAD answers as GET does, without the body', async () => {
    const { json } = await record.send('POST', 'Patient', patient('Head'))
    for (const path of [
      `Patient/${json.id}`,
      'Patient?family=Head',
      `Patient/${json.id}/_history`,
      'metadata',
    ]) {
      const [got, headed] = [await record.send('GET', path), await record.send('HEAD', path)]
      expect([headed.status, headed.json]).toEqual([200, undefined])
      for (const name of ['content-length', 'content-type', 'etag', 'last-modified'])
        expect(headed.headers.get(name)).toBe(got.headers.get(name))
    }
    expect((await record.send('HEAD', 'Patient/nobody')).status).toBe(404)
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
  expect(json.patchFormat).toEqual(['application/json-patch+json', 'application/fhir+json'])
  const codesOf = (type: string): string[] =>
    json.rest[0].resource
      .find((one: Answered) => one.type === type)
      .interaction.map((one: { code: string }) => one.code)
  expect(codesOf('Slot').filter((code) => !codesOf('AuditEvent').includes(code))).toEqual(['patch', 'delete'])
  const slot = json.rest[0].resource.find((one: Answered) => one.type === 'Slot')
  for (const { name, type } of slot.searchParam) {
    const value = type === 'date' ? '2026-01-01' : type === 'reference' ? 'Schedule/1' : 'x'
    expect((await record.send('GET', `Slot?${name}=${value}`)).status).toBe(200)
  }
})
