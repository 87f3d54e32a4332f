import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OWN, profileOf } from '../testing/profiles.ts'
import { startTestRecord, type Answered, type TestRecord } from '../testing/record.ts'

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord()
})
afterAll(() => record.stop())

const patient = (more: object = {}) => ({ resourceType: 'Patient', ...more })
const claiming = (profile: string) => patient({ meta: { profile: [OWN + profile] } })

async function asked(path: string, body: unknown, method = 'POST'): Promise<string[]> {
  const { status, json } = await record.send(method, path, body)
  expect(status).toBe(200)
  expect(json.resourceType).toBe('OperationOutcome')
  return json.issue.map((issue: Answered) =>
    `${issue.severity} ${issue.code} ${issue.expression?.[0] ?? ''}`.trim(),
  )
}

const question = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter })
const about = (resource: object) => ({ name: 'resource', resource })

describe('$validate', () => {
  test('tells what is wrong, answers 200 all the same, and stores nothing', async () => {
    expect(await asked('Patient/$validate', patient())).toEqual(['information informational'])
    expect(await asked('Patient/$validate', patient({ gender: 'x', nickname: 'y' }))).toEqual([
      'error code-invalid Patient.gender',
      'error structure Patient.nickname',
    ])
    expect(await asked('Patient/$validate', question(about(patient({ gender: 'x' }))))).toEqual([
      'error code-invalid Patient.gender',
    ])
    expect(await asked('Patient/$validate', { resourceType: 'Slot' })).toEqual([
      'error structure resourceType',
    ])
    expect((await record.send('GET', 'Patient?_summary=count')).json.total).toBe(0)
  })

  test('takes a profile to check besides those claimed, and warns of claims that it cannot check', async () => {
    await record.send(
      'PUT',
      'StructureDefinition/asked',
      profileOf('asked', 'Patient', [['Patient.name', { min: 1 }]]),
    )
    const profile = { name: 'profile', valueUri: `${OWN}asked` }
    expect(await asked('Patient/$validate', question(about(patient()), profile))).toEqual([
      'error required Patient.name',
    ])
    expect(await asked(`Patient/$validate?profile=${OWN}asked`, patient())).toEqual([
      'error required Patient.name',
    ])
    expect(await asked(`Patient/$validate?profile=${OWN}nowhere`, patient())).toContain(
      'error not-found profile',
    )
    expect(await asked('Patient/$validate', claiming('nowhere'))).toEqual(['warning incomplete'])
    const core = 'http://hl7.org/fhir/StructureDefinition/Patient'
    expect(await asked('Patient/$validate', patient({ meta: { profile: [core] } }))).toEqual([
      'information informational',
    ])
  })

  test('asks of an update for the id, and of a deletion whether it is possible', async () => {
    const mode = (valueCode: string) => ({ name: 'mode', valueCode })
    await record.send('PUT', 'Patient/there', patient({ id: 'there' }))
    expect(await asked('Patient/$validate', question(about(patient()), mode('update')))).toEqual([
      'error value Patient.id',
    ])
    expect(await asked('Patient/there/$validate', patient({ id: 'other' }))).toEqual([
      'error value Patient.id',
    ])
    expect(await asked('Patient/there/$validate', question(mode('delete')))).toEqual([
      'information informational',
    ])
    expect(await asked('Patient/gone/$validate', question(mode('delete')))).toEqual([
      'error not-found Patient',
    ])
    expect(await asked('AuditEvent/x/$validate', question(mode('delete')))).toEqual([
      'error business-rule AuditEvent',
    ])
    expect(await asked('Patient/there/$validate', undefined, 'GET')).toEqual(['information informational'])
    expect((await record.send('GET', 'Patient/there')).json.meta.versionId).toBe('1')
  })

  test('what is no question is refused, never a server error', async () => {
    for (const [path, body] of [
      ['Patient/$validate', '{'],
      ['Patient/$validate', question()],
      ['Patient/$validate', question({ name: 'mode', valueCode: 'guess' }, about(patient()))],
      ['Patient/$validate', question({ name: 'mode', valueCode: 'delete' })],
      ['$validate', patient()],
      ['Robot/$validate', patient()],
    ] as const) {
      const { status, json } = await record.send('POST', path, body)
      expect([400, 404]).toContain(status)
      expect(json.resourceType).toBe('OperationOutcome')
    }
  })

  test('is told by the CapabilityStatement for every type', async () => {
    const { json } = await record.send('GET', 'metadata')
    const types: Answered[] = json.rest[0].resource
    const telling = types.filter((one) => one.operation?.some((each: Answered) => each.name === 'validate'))
    expect(telling.length).toBe(types.length)
  })
})

describe('profiles and transactions', () => {
  const put = (resource: { resourceType: string; id: string }) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  })
  const definition = (id: string, path: string): Answered => profileOf(id, 'Patient', [[path, { min: 1 }]])
  const transaction = (...entry: object[]) =>
    record.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })
  const claim = (profile: string, id: string) => put({ ...claiming(profile), id } as never)

  test('a profile applies to later entries of its own transaction, and a rollback takes it back', async () => {
    const refused = await transaction(put(definition('inside', 'Patient.name')), claim('inside', 'nameless'))
    expect([refused.status, refused.json.issue[0].expression[0]]).toEqual([
      422,
      'Bundle.entry[1].Patient.name',
    ])
    expect((await record.send('PUT', 'Patient/free', { ...claiming('inside'), id: 'free' })).status).toBe(201)
    // The next definition takes the place in the log that was rolled back, and is not the one that was.
    const other = await transaction(put(definition('inside', 'Patient.gender')), claim('inside', 'nameless'))
    expect(other.json.issue[0].expression[0]).toBe('Bundle.entry[1].Patient.gender')
  })

  test('what is rolled back is not taken for the deletion that follows it', async () => {
    await record.send('PUT', 'StructureDefinition/stays', definition('stays', 'Patient.name'))
    const both = patient({ id: 'both', meta: { profile: [`${OWN}stays`, `${OWN}fleeting`] } })
    const refused = await transaction(put(definition('fleeting', 'Patient.gender')), put(both as never))
    expect(refused.status).toBe(422)
    await record.send('DELETE', 'StructureDefinition/stays')
    expect((await record.send('PUT', 'Patient/both', both)).status).toBe(201)
  })

  test('of a batch, an entry that is refused takes back its profile only', async () => {
    const nested = await record.send('POST', '', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [put(definition('batched', 'Patient.name')), claim('batched', 'a'), claim('elsewhere', 'b')],
    })
    const statuses = nested.json.entry.map((one: Answered) => one.response.status.slice(0, 3))
    expect(statuses).toEqual(['201', '422', '201'])
  })

  test('what is stored by the writer counts for $validate at once', async () => {
    await record.send('PUT', 'StructureDefinition/seen', definition('seen', 'Patient.name'))
    expect(await asked('Patient/$validate', claiming('seen'))).toEqual(['error required Patient.name'])
    await record.send('PUT', 'StructureDefinition/seen', definition('seen', 'Patient.gender'))
    expect(await asked('Patient/$validate', claiming('seen'))).toEqual(['error required Patient.gender'])
    await record.send('DELETE', 'StructureDefinition/seen')
    expect(await asked('Patient/$validate', claiming('seen'))).toEqual(['warning incomplete'])
  })
})

test('a body too long to be looked at between the answers to others is refused by its size', async () => {
  const name = [{ family: 'x'.repeat(2 * 1024 * 1024) }]
  const answer = await record.send('POST', 'Patient/$validate', { resourceType: 'Patient', name })
  expect(answer.status).toBe(413)
  expect(answer.json.issue[0].details.text).toContain('2 MB')
})
