import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestRecord, type Answered, type Reply, type TestRecord } from './record.ts'

let record: TestRecord
let counter = 0
beforeAll(async () => {
  record = await startTestRecord()
})
afterAll(() => record.stop())

const JSON_PATCH = { 'content-type': 'application/json-patch+json' }

async function stored(content: object, type = 'Patient'): Promise<string> {
  counter += 1
  const answer = await record.send('PUT', `${type}/p${counter}`, {
    resourceType: type,
    id: `p${counter}`,
    ...content,
  })
  expect(answer.status).toBe(201)
  return `${type}/p${counter}`
}

/** What is there, without what every version has of its own. */
function contentOf({ json: { resourceType: _type, id: _id, meta: _meta, ...content } }: Reply): object {
  return content
}

type Part = { name: string } & Record<string, unknown>

function operation(type: string, path: string, ...more: Part[]): object {
  const parts = [{ name: 'type', valueCode: type }, { name: 'path', valueString: path }, ...more]
  return { name: 'operation', part: parts }
}
const named = (name: string): Part => ({ name: 'name', valueString: name })
const at = (name: string, place: number): Part => ({ name, valueInteger: place })
const patchOf = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter })

const identifiers = (...values: string[]) => ({ identifier: values.map((value) => ({ value })) })
const contact = (more: object) => ({ contact: [{ name: { text: 'a name' }, ...more }] })

describe('a FHIRPath Patch', () => {
  test.each<[string, object, object[], object]>([
    ['nothing', { birthDate: '1920-01-01' }, [], { birthDate: '1920-01-01' }],
    [
      'replaces a primitive',
      { birthDate: '1920-01-01' },
      [operation('replace', 'Patient.birthDate', { name: 'value', valueDate: '1930-01-01' })],
      { birthDate: '1930-01-01' },
    ],
    ['deletes a primitive', { birthDate: '1920-01-01' }, [operation('delete', 'Patient.birthDate')], {}],
    ['deletes what is not there', {}, [operation('delete', 'Patient.birthDate')], {}],
    [
      'adds a primitive',
      {},
      [operation('add', 'Patient', named('birthDate'), { name: 'value', valueDate: '1930-01-01' })],
      { birthDate: '1930-01-01' },
    ],
    [
      'replaces deep inside',
      contact({ gender: 'male' }),
      [
        operation('replace', 'Patient.contact[0].gender', { name: 'value', valueCode: 'female' }),
        operation('replace', 'Patient.contact[0].name.text', { name: 'value', valueString: 'the name' }),
      ],
      { contact: [{ name: { text: 'the name' }, gender: 'female' }] },
    ],
    [
      'deletes what becomes empty, too',
      contact({ address: { text: 'x' } }),
      [operation('delete', 'Patient.contact[0].name.text')],
      { contact: [{ address: { text: 'x' } }] },
    ],
    ['deletes up to the list', contact({}), [operation('delete', 'Patient.contact[0].name.text')], {}],
    [
      'adds a complex element',
      {},
      [
        operation('add', 'Patient', named('maritalStatus'), {
          name: 'value',
          valueCodeableConcept: { text: 'married' },
        }),
      ],
      { maritalStatus: { text: 'married' } },
    ],
    [
      'adds a backbone element by its parts',
      {},
      [
        operation('add', 'Patient', named('contact'), {
          name: 'value',
          part: [
            { name: 'name', valueHumanName: { text: 'a name' } },
            { name: 'relationship', valueCodeableConcept: { text: 'a' } },
            { name: 'relationship', valueCodeableConcept: { text: 'b' } },
          ],
        }),
      ],
      { contact: [{ name: { text: 'a name' }, relationship: [{ text: 'a' }, { text: 'b' }] }] },
    ],
    [
      'adds to the end of a list',
      identifiers('1', '2'),
      [operation('add', 'Patient', named('identifier'), { name: 'value', valueIdentifier: { value: '3' } })],
      identifiers('1', '2', '3'),
    ],
    [
      'inserts anywhere in a list',
      identifiers('1', '2'),
      [
        operation('insert', 'Patient.identifier', at('index', 2), {
          name: 'value',
          valueIdentifier: { value: '3' },
        }),
        operation('insert', 'Patient.identifier', at('index', 0), {
          name: 'value',
          valueIdentifier: { value: '0' },
        }),
      ],
      identifiers('0', '1', '2', '3'),
    ],
    [
      'inserts into a list that is not there',
      {},
      [
        operation('insert', 'Patient.identifier', at('index', 0), {
          name: 'value',
          valueIdentifier: { value: '1' },
        }),
      ],
      identifiers('1'),
    ],
    [
      'moves within a list',
      identifiers('1', '2', '3', '4'),
      [operation('move', 'Patient.identifier', at('source', 3), at('destination', 1))],
      identifiers('1', '4', '2', '3'),
    ],
    [
      'chooses by a condition',
      {
        telecom: [
          { system: 'phone', value: '1' },
          { system: 'email', value: 'a@b.example' },
        ],
      },
      [
        operation('replace', "Patient.telecom.where(system = 'email').value", {
          name: 'value',
          valueString: 'c@d.example',
        }),
      ],
      {
        telecom: [
          { system: 'phone', value: '1' },
          { system: 'email', value: 'c@d.example' },
        ],
      },
    ],
    [
      'finds an extension by its url',
      {
        extension: [
          { url: 'urn:a', valueString: 'x' },
          { url: 'urn:b', valueString: 'y' },
        ],
      },
      [operation('replace', "Patient.extension('urn:b').value", { name: 'value', valueBoolean: true })],
      {
        extension: [
          { url: 'urn:a', valueString: 'x' },
          { url: 'urn:b', valueBoolean: true },
        ],
      },
    ],
    [
      'changes the type of a choice',
      { deceasedBoolean: true },
      [operation('replace', 'Patient.deceased', { name: 'value', valueDateTime: '2020' })],
      { deceasedDateTime: '2020' },
    ],
    [
      'keeps what stands beside the primitives of a list',
      { name: [{ given: ['A', 'B'], _given: [null, { id: 'b' }] }] },
      [
        operation('insert', 'Patient.name[0].given', at('index', 0), { name: 'value', valueString: 'Z' }),
        operation('move', 'Patient.name[0].given', at('source', 2), at('destination', 0)),
        operation('delete', 'Patient.name[0].given[2]'),
      ],
      { name: [{ given: ['B', 'Z'], _given: [{ id: 'b' }, null] }] },
    ],
    [
      'does several things in order',
      {},
      [
        operation('add', 'Patient', named('name'), { name: 'value', valueHumanName: { family: 'Ng' } }),
        operation('add', 'Patient.name.first()', named('given'), { name: 'value', valueString: 'An' }),
        operation('add', 'Patient.name.last()', named('given'), { name: 'value', valueString: 'Bo' }),
      ],
      { name: [{ family: 'Ng', given: ['An', 'Bo'] }] },
    ],
  ])('%s', async (_what, before, operations, after) => {
    const path = await stored(before)
    const answer = await record.send('PATCH', path, patchOf(...operations))
    expect([answer.status, answer.json.issue]).toEqual([200, undefined])
    expect(contentOf(await record.send('GET', path))).toEqual(after)
  })

  test.each<[string, object, number]>([
    ['a path to several elements', operation('delete', 'Patient.name'), 422],
    [
      'a path to nothing',
      operation('replace', 'Patient.birthDate', { name: 'value', valueDate: '2020' }),
      422,
    ],
    [
      'an unknown element',
      operation('add', 'Patient', named('nose'), { name: 'value', valueString: 'x' }),
      422,
    ],
    ['an unknown element in the path', operation('delete', 'Patient.nose'), 422],
    [
      'a value of a wrong type',
      operation('add', 'Patient', named('active'), { name: 'value', valueString: 'x' }),
      422,
    ],
    ['no value', operation('add', 'Patient', named('active')), 422],
    ['the id', operation('replace', 'Patient.id', { name: 'value', valueId: 'other' }), 422],
    ['the id by its name', operation('replace', 'id', { name: 'value', valueId: 'other' }), 422],
    [
      'the id by a detour',
      operation('replace', 'Patient.where(id.exists()).id', { name: 'value', valueId: 'x' }),
      422,
    ],
    ['the version', operation('replace', 'Patient.meta.versionId', { name: 'value', valueId: '7' }), 422],
    [
      'the version by a detour',
      operation('replace', 'Patient.meta.first().versionId', { name: 'value', valueId: '7' }),
      422,
    ],
    ['the whole resource', operation('delete', 'Patient'), 422],
    [
      'a place outside of the list',
      operation('move', 'Patient.name', at('source', 0), at('destination', 2)),
      422,
    ],
    ['an unknown operation', operation('wreck', 'Patient.name[0]'), 400],
    ['no path', { name: 'operation', part: [{ name: 'type', valueCode: 'delete' }] }, 400],
    ['what is no operation', { name: 'other' }, 400],
    ['a path that is no FHIRPath', operation('delete', 'Patient.name.where('), 422],
    ['a regular expression', operation('delete', "Patient.name.where(family.matches('(a+)+$'))"), 422],
    ['a walk over everything', operation('delete', 'Patient.descendants()'), 422],
    ['a variable', operation('delete', 'Patient.name.where(%resource.exists())'), 422],
    [
      'a prototype',
      operation('add', 'Patient', named('__proto__'), { name: 'value', valueString: 'x' }),
      422,
    ],
    ['a prototype in the path', operation('delete', 'Patient.constructor.name'), 422],
  ])('%s is refused and changes nothing', async (_what, one, status) => {
    const path = await stored({ name: [{ family: 'A' }, { family: 'B' }, { family: 'C' }] })
    const answer = await record.send('PATCH', path, patchOf(operation('delete', 'Patient.name[0]'), one))
    expect([answer.status, answer.json.resourceType]).toEqual([status, 'OperationOutcome'])
    expect((await record.send('GET', path)).headers.get('etag')).toBe('W/"1"')
  })

  test('writes numbers as they are written in what is stored and in the patch', async () => {
    const path = await stored({ status: 'final', code: { text: 'x' } }, 'Observation')
    const add = `{"resourceType":"Parameters","parameter":[{"name":"operation","part":[
      {"name":"type","valueCode":"add"},{"name":"path","valueString":"Observation"},{"name":"name","valueString":"value"},
      {"name":"value","valueQuantity":{"value":1.00,"unit":"mg"}}]}]}`
    const replace = `{"resourceType":"Parameters","parameter":[{"name":"operation","part":[
      {"name":"type","valueCode":"replace"},{"name":"path","valueString":"Observation.value.value"},
      {"name":"value","valueDecimal":2.50}]}]}`
    expect(await textAfter(path, add)).toContain('"valueQuantity":{"value":1.00,"unit":"mg"}')
    expect(await textAfter(path, replace)).toContain('"valueQuantity":{"value":2.50,"unit":"mg"}')
  })

  async function textAfter(path: string, patch: string): Promise<string> {
    expect((await record.send('PATCH', path, patch)).status).toBe(200)
    const headers = { authorization: 'Bearer a-secret-for-tests-only' }
    return (await fetch(`${record.base}/${path}`, { headers })).text()
  }
})

describe('a JSON Patch', () => {
  test('makes the next version, when nothing else did before', async () => {
    const path = await stored({ name: [{ family: 'A' }] })
    const steps = [{ op: 'replace', path: '/name/0/family', value: 'B' }]
    const headers = { ...JSON_PATCH, 'if-match': 'W/"1"' }
    const first = await record.send('PATCH', path, steps, headers)
    expect([first.status, first.headers.get('etag'), first.json.name[0].family]).toEqual([200, 'W/"2"', 'B'])
    expect((await record.send('PATCH', path, steps, headers)).status).toBe(412)
    const same = await record.send('PATCH', path, steps, JSON_PATCH)
    expect([same.status, same.headers.get('etag')]).toEqual([200, 'W/"2"'])
  })

  test.each<[string, unknown, number]>([
    ['another type', [{ op: 'replace', path: '/resourceType', value: 'Person' }], 422],
    ['another id', [{ op: 'replace', path: '/id', value: 'other' }], 422],
    ['another version', [{ op: 'replace', path: '/meta/versionId', value: '9' }], 422],
    ['another time', [{ op: 'replace', path: '/meta/lastUpdated', value: '2020-01-01T00:00:00Z' }], 422],
    ['what is not valid', [{ op: 'add', path: '/gender', value: 'blue' }], 422],
    ['a failing test', [{ op: 'test', path: '/active', value: false }], 422],
    [
      'a reference that must be searched',
      [{ op: 'add', path: '/link', value: [{ other: { reference: 'Patient?name=x' }, type: 'seealso' }] }],
      422,
    ],
    ['no list', { op: 'add' }, 400],
    ['too many steps', Array.from({ length: 51 }, () => ({ op: 'test', path: '/active', value: true })), 400],
    ['no JSON', '[{', 400],
  ])('%s is refused and changes nothing', async (_what, steps, status) => {
    const path = await stored({ active: true })
    const answer = await record.send('PATCH', path, steps, JSON_PATCH)
    expect([answer.status, answer.json.resourceType]).toEqual([status, 'OperationOutcome'])
    expect((await record.send('GET', path)).headers.get('etag')).toBe('W/"1"')
  })

  test('of what is not there, is gone or is written once is refused', async () => {
    const steps = [{ op: 'add', path: '/active', value: true }]
    expect((await record.send('PATCH', 'Patient/nobody', steps, JSON_PATCH)).status).toBe(404)
    const path = await stored({})
    await record.send('DELETE', path)
    expect((await record.send('PATCH', path, steps, JSON_PATCH)).status).toBe(410)
    const event = await stored(
      {
        type: { code: 'rest' },
        recorded: '2026-01-01T00:00:00Z',
        agent: [{ requestor: true }],
        source: { observer: { display: 'x' } },
      },
      'AuditEvent',
    )
    const answer = await record.send(
      'PATCH',
      event,
      [{ op: 'add', path: '/outcome', value: '8' }],
      JSON_PATCH,
    )
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
  })

  test('by criteria changes the one match and refuses none and several', async () => {
    const identifier = [{ system: 'urn:patch', value: 'one' }]
    const path = await stored({ identifier })
    const steps = [{ op: 'add', path: '/active', value: true }]
    const patch = () => record.send('PATCH', 'Patient?identifier=urn:patch|one', steps, JSON_PATCH)
    expect((await patch()).status).toBe(200)
    expect((await record.send('GET', path)).json.active).toBe(true)
    await stored({ identifier })
    expect((await patch()).status).toBe(412)
    expect((await record.send('PATCH', 'Patient?identifier=urn:patch|none', steps, JSON_PATCH)).status).toBe(
      404,
    )
    expect((await record.send('PATCH', 'Patient', steps, JSON_PATCH)).status).toBe(400)
  })
})

describe('in a bundle', () => {
  const binary = (steps: unknown) => ({
    resourceType: 'Binary',
    contentType: 'application/json-patch+json',
    data: Buffer.from(typeof steps === 'string' ? steps : JSON.stringify(steps)).toString('base64'),
  })
  const entry = (url: string, resource: object, more: object = {}) => ({
    resource,
    request: { method: 'PATCH', url, ...more },
  })
  const send = (type: string, ...entries: object[]) =>
    record.send('POST', '', { resourceType: 'Bundle', type, entry: entries })
  const activate = [{ op: 'add', path: '/active', value: true }]

  test.each(['batch', 'transaction'])('of type %s both kinds of patch are applied', async (type) => {
    const [one, two] = [await stored({}), await stored({})]
    const add = operation('add', 'Patient', named('active'), { name: 'value', valueBoolean: true })
    const answer = await send(
      type,
      entry(one, binary(activate), { ifMatch: 'W/"1"' }),
      entry(two, patchOf(add)),
    )
    expect(answer.json.entry.map((part: Answered) => part.response.status)).toEqual(['200 OK', '200 OK'])
    for (const path of [one, two]) expect((await record.send('GET', path)).json.active).toBe(true)
  })

  test('a patch that does not fit keeps every other entry of a transaction out', async () => {
    const [one, two] = [await stored({}), await stored({})]
    for (const bad of [
      entry(two, binary([{ op: 'remove', path: '/active' }])),
      entry(two, binary(activate), { ifMatch: 'W/"2"' }),
      entry(two, { resourceType: 'Binary', contentType: 'text/plain', data: 'eA==' }),
      entry(two, binary('[{')),
      entry(two, { resourceType: 'Patient' }),
      entry(one, binary([{ op: 'add', path: '/gender', value: 'male' }])),
      entry('Patient?identifier=urn:x|none', binary(activate)),
    ]) {
      const answer = await send('transaction', entry(one, binary(activate)), bad)
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
      expect(answer.json.issue[0].expression[0]).toMatch(/^Bundle\.entry\[1\]/)
      expect((await record.send('GET', one)).headers.get('etag')).toBe('W/"1"')
    }
  })

  test('a patch can point at what the same transaction creates', async () => {
    const path = await stored({})
    const fullUrl = `urn:uuid:${crypto.randomUUID()}`
    const steps = [{ op: 'add', path: '/managingOrganization', value: { reference: fullUrl } }]
    const answer = await send('transaction', entry(path, binary(steps)), {
      fullUrl,
      resource: { resourceType: 'Organization', name: 'O' },
      request: { method: 'POST', url: 'Organization' },
    })
    expect(answer.status).toBe(200)
    expect((await record.send('GET', path)).json.managingOrganization.reference).toMatch(/^Organization\//)
  })
})

const PLACES =
  `Patient | Patient.name | Patient.name[0].given | Patient.name[0].given[1] | Patient.deceased | name
  | Patient.contained[0].name | Patient.extension('urn:a').value | Patient.name.where(given) | $this | 1 | 'x' | ()
  | Patient.name.where(family = given) | Patient.meta | Patient.name[9] | Patient.name[-1] | Patient.name.first().family
  | Patient.name.ofType(HumanName) | (Patient.deceased as boolean) | Patient.text`.split(/\s*\|\s*/)

test('no patch, however made, ends in a server error', async () => {
  const path = await stored({
    name: [{ family: 'A', given: ['B', 'C'], _given: [null, { id: 'c' }] }],
    extension: [{ url: 'urn:a', valueDecimal: 1 }],
    contained: [{ resourceType: 'Organization', id: 'o', name: 'O' }],
    managingOrganization: { reference: '#o' },
    deceasedBoolean: false,
  })
  const place = fc.oneof(fc.constantFrom(...PLACES), fc.string({ maxLength: 30 }))
  const part = fc.oneof(
    fc.record({
      name: fc.constantFrom('index', 'source', 'destination'),
      valueInteger: fc.integer({ min: -1, max: 3 }),
    }),
    fc.record({
      name: fc.constant('name'),
      valueString: fc.constantFrom('name', 'given', 'value', 'deceased', 'id', 'url', 'x'),
    }),
    fc.record({ name: fc.constant('value'), valueString: fc.jsonValue() }),
    fc.record({ name: fc.constant('value'), valueHumanName: fc.jsonValue() }),
    fc.record({ name: fc.constant('value'), part: fc.jsonValue() }),
    fc.record({ name: fc.constant('value'), resource: fc.jsonValue() }),
    fc.jsonValue(),
  )
  const operations = fc
    .tuple(
      fc.constantFrom('add', 'insert', 'delete', 'replace', 'move'),
      place,
      fc.array(part, { maxLength: 3 }),
    )
    .map(([type, where, parts]) => operation(type, where, ...(parts as Part[])))
  const steps = fc.record({
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
    path: fc.constantFrom('/name', '/name/0', '/name/0/given/-', '/meta', '/_x', '/contained/0/id', ''),
    from: fc.constantFrom('/name', '/extension', '/deceasedBoolean'),
    value: fc.jsonValue(),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.array(operations, { maxLength: 4 }).map((list) => patchOf(...list)),
        fc.array(steps, { maxLength: 4 }),
        fc.jsonValue(),
      ),
      async (patch) => {
        const answer = await record.send('PATCH', path, JSON.stringify(patch))
        expect(answer.status).toBeLessThan(500)
      },
    ),
    { numRuns: 500 },
  )
})
