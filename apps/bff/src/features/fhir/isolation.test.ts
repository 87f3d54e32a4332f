import type { Bundle, Parameters } from '@medplum/fhirtypes'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { OPERATIONS } from '#/operations.ts'
import { type Harness, startHarness, type TestPerson } from '#/testing/harness.ts'
import * as people from '#/testing/people.ts'

const { CANARY, CLINICIAN, LAKESIDE_SCHEDULER, PATIENT_A, PROXY, SCHEDULER } = people

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  await harness.seed(people.RESOURCES)
  await harness.seed(people.LAKESIDE_RESOURCES, 'lakeside')
})
afterAll(() => harness.stop())

type Answer = { status: number; text: string }

async function get(person: TestPerson, path: string, init?: RequestInit): Promise<Answer> {
  const response = await harness.fetchAs(person, path, init)
  return { status: response.status, text: await response.text() }
}

function withoutId(text: string): unknown {
  return { ...JSON.parse(text), id: undefined }
}

describe('a patient', () => {
  test.each([
    '/Patient/b',
    '/Observation/o-b',
    '/Condition/c-b',
    '/Appointment/v-b',
    '/Patient/b/_history',
    '/Patient/b/_history/1',
    '/Observation/o-b/_history/1',
  ])('gets for %s, which is another’s, the very answer of an id that does not exist', async (path) => {
    const forbidden = await get(PATIENT_A, path)
    const missing = await get(
      PATIENT_A,
      path.replace(/\/[^/]+$|(?<=\/)(b|o-b)(?=\/_history)/, (part) =>
        part.startsWith('/') ? '/no-such-id' : 'no-such-id',
      ),
    )
    expect(forbidden.status).toBe(404)
    expect(withoutId(forbidden.text)).toEqual(withoutId(missing.text))
    expect(forbidden.text).not.toContain(CANARY)
  })

  test.each([
    '/Observation',
    '/Observation?patient=a,b',
    '/Observation?patient=a&patient=b',
    '/Observation?subject=Patient/b',
    '/Observation?patient=b',
    '/Observation?pateint=a',
    '/Observation?_id=o-b',
    '/Observation?_include=Observation:patient',
    '/Observation?_include=*',
    '/Patient',
    '/Patient?_id=b',
    '/Patient?_id=a,b',
    '/Patient?_revinclude=Observation:patient',
    '/Patient?identifier=urn:mrn|' + CANARY,
    '/Appointment',
    '/Appointment?_include=Appointment:patient&_include=Appointment:practitioner',
    '/Appointment?practitioner=clinician',
    '/Appointment?actor=Patient/b',
    '/Appointment?_revinclude=Encounter:appointment',
    '/Condition?_elements=id,code',
    '/Observation?_count=1',
    '/Observation?_total=accurate',
    '/Observation?_summary=count',
    '/Condition?code:text=x',
    '/Practitioner',
    '/Practitioner/clinician',
    '/PractitionerRole?_include=PractitionerRole:practitioner',
    '/Patient/b/$everything',
    '/Patient/$everything',
    '/Patient/b/Observation',
    '/Patient/b/*',
    '/_history',
    '/Observation/_history',
    '/Slot',
    '/Schedule',
    '/AuditEvent',
    '/Person/proxy',
    '/$graphql',
    '/$export',
  ])('finds nothing of anyone else behind %s', async (path) => {
    const { status, text } = await get(PATIENT_A, path)
    expect(text).not.toContain(CANARY)
    expect(status).toBeLessThan(500)
  })

  test('counts only what they may see', async () => {
    const counted = JSON.parse((await get(PATIENT_A, '/Observation?_summary=count')).text) as Bundle
    expect(counted.total).toBe(1)
  })

  test('finds nothing of anyone else by POST _search either', async () => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'patient=a,b&_include=Observation:patient',
    }
    const { status, text } = await get(PATIENT_A, '/Observation/_search', init)
    expect(status).toBe(200)
    expect(text).toContain('mark-of-a')
    expect(text).not.toContain(CANARY)
  })

  test('gets own entries of a batch, and for others what a missing id gets', async () => {
    const entry = ['Patient/a', 'Patient/b', 'Patient/no-such-id', 'Observation?patient=b', '$whoami'].map(
      (url) => ({ request: { method: 'GET' as const, url } }),
    )
    const client = await harness.clientFor(PATIENT_A)
    const answer = await client.batch({ resourceType: 'Bundle', type: 'batch', entry })
    expect(answer.entry?.map(({ response }) => response?.status)).toEqual(['200', '404', '404', '403', '200'])
    expect(answer.entry?.[1]).toEqual(answer.entry?.[2])
    expect(JSON.stringify(answer)).not.toContain(CANARY)
  })

  test('sees of a clinician the professional part', async () => {
    const { text } = await get(PATIENT_A, '/Practitioner/clinician')
    expect(JSON.parse(text)).toMatchObject({ name: [{ family: 'clinician' }] })
    expect(text).not.toContain('birthDate')
  })
})

describe('a proxy', () => {
  test('sees the ward as far as the Consent goes', async () => {
    expect((await get(PROXY, '/Appointment/v-kid')).status).toBe(200)
    expect((await get(PROXY, '/Observation?patient=kid')).text).toContain('mark-of-kid')
    expect((await get(PROXY, '/Condition/c-kid')).status).toBe(404)
    expect((await get(PROXY, '/Condition')).status).toBe(403)
    expect((await get(PROXY, '/Patient/kid')).status).toBe(404)
  })

  test('sees nothing after the end of the proxy', async () => {
    for (const path of ['/Appointment/v-grown', '/Observation/o-grown', '/Observation', '/Appointment']) {
      expect((await get(PROXY, path)).text).not.toContain(CANARY)
    }
  })

  test('is told for whom they may act, until when, and how far', async () => {
    const { parameter } = JSON.parse((await get(PROXY, '/$whoami')).text) as Parameters
    const wards = parameter?.filter(({ name }) => name === 'person')
    expect(wards).toHaveLength(1)
    expect(wards?.[0]?.part).toEqual(
      expect.arrayContaining([
        { name: 'relationship', valueCode: 'CHILD' },
        { name: 'scope', valueCode: 'Appointment' },
        { name: 'until', valueDate: '2099-01-01' },
      ]),
    )
  })

  test('loses sight at once when the Consent is withdrawn', async () => {
    const path = '/Appointment/v-kid'
    const fhir = harness.record.fhir()
    const consent = await fhir.read('Consent', 'consent-kid')
    const person = { ...PROXY, sub: 'withdrawn' }
    const inactive = await fhir.update({ ...consent, status: 'inactive' })
    expect((await get(person, path)).status).not.toBe(200)
    await fhir.update({ ...inactive, status: 'active' })
  })
})

describe('organisations', () => {
  test.each([
    '/Patient/a',
    '/Observation/o-b',
    '/Appointment/v-a',
    '/Patient/a/_history',
    '/Practitioner/clinician',
    '/Location/site',
    '/Schedule/calendar-practitioner-clinician',
    '/Slot/taken',
  ])('do not know each other’s %s', async (path) => {
    expect([403, 404]).toContain((await get(LAKESIDE_SCHEDULER, path)).status)
  })

  test.each([
    'Patient',
    'Appointment',
    'Schedule',
    'Slot',
    'Practitioner',
    'Location',
    'Organization',
    'HealthcareService',
    'RelatedPerson',
    'CommunicationRequest',
  ])('do not find each other’s %s', async (type) => {
    const { status, text } = await get(LAKESIDE_SCHEDULER, `/${type}`)
    expect(status).toBe(200)
    expect(text).not.toMatch(/mark-of|Harbor|-(a|b|clinician)"/)
  })

  const onOne = OPERATIONS.filter(({ level }) => level === 'instance')
  const idOf: Record<string, string> = {
    Appointment: 'v-b',
    Schedule: 'calendar-practitioner-clinician',
    Location: 'site',
  }

  test.each(onOne)(
    'do not reach each other’s $type by $name, and neither does another patient',
    async ({ type, name, method }) => {
      const path = `/${type}/${idOf[type]}/${name}`
      const body = '{"resourceType":"Parameters"}'
      const init = method === 'GET' ? {} : { method, headers: { 'content-type': 'application/json' }, body }
      for (const person of [
        LAKESIDE_SCHEDULER,
        { ...LAKESIDE_SCHEDULER, roles: ['administrator'] as const, sub: 'l-a' },
        PATIENT_A,
      ]) {
        const { status, text } = await get(person, path, init)
        expect([400, 403, 404, 422]).toContain(status)
        expect(text).not.toContain(CANARY)
      }
      const forbidden = await get(PATIENT_A, path, init)
      const missing = await get(PATIENT_A, `/${type}/no-such-id/${name}`, init)
      expect([forbidden.status, withoutId(forbidden.text)]).toEqual([missing.status, withoutId(missing.text)])
    },
  )

  test('are chosen by the token: a person of one is nobody in the other', async () => {
    const { status, text } = await get({ ...SCHEDULER, organization: 'lakeside' }, '/Patient')
    expect(status).toBe(403)
    expect(JSON.parse(text).issue[0].details.text).toContain('no record of you')
    expect((await get({ ...SCHEDULER, organization: 'nowhere' }, '/Patient')).status).toBe(403)
  })
})

describe('staff', () => {
  test('a scheduler sees visits and people, and nothing clinical', async () => {
    expect((await get(SCHEDULER, '/Appointment?patient=b')).status).toBe(200)
    for (const type of [
      'Observation',
      'Condition',
      'CarePlan',
      'DocumentReference',
      'MedicationRequest',
      'AuditEvent',
      'Consent',
    ]) {
      expect((await get(SCHEDULER, `/${type}`)).status).toBe(403)
    }
  })

  test('a clinician sees what is found', async () => {
    expect((await get(CLINICIAN, '/Observation?patient=b')).text).toContain(CANARY)
  })
})

describe('a person whose token names no resource', () => {
  async function who(sub: string): Promise<Answer> {
    const token = await harness.issuer.mint({ sub, roles: ['scheduler'], email: 'scheduler@clinic.example' })
    const response = await fetch(`${harness.fhirUrl}/$whoami`, {
      headers: { authorization: `Bearer ${token}` },
    })
    return { status: response.status, text: await response.text() }
  }
  const known = (id: string, value: string, active = true) => ({
    resourceType: 'Practitioner' as const,
    id,
    active,
    identifier: [{ system: harness.issuer.issuer, value }],
    telecom: [{ system: 'email' as const, value: 'scheduler@clinic.example' }],
  })

  test('is found by issuer and subject, and never by an e-mail address', async () => {
    await harness.seed([known('found', 'a,b|c$')])
    const found = await who('a,b|c$')
    expect(found.status).toBe(200)
    expect(found.text).toContain('Practitioner/found')
    expect((await who('a')).status).toBe(403)
    expect((await who('scheduler@clinic.example')).status).toBe(403)
  })

  test('is nobody when two answer to the name, or when they have left', async () => {
    await harness.seed([known('one', 'twice'), known('two', 'twice'), known('gone', 'left', false)])
    expect((await who('twice')).status).toBe(403)
    expect((await who('left')).status).toBe(403)
  })
})
