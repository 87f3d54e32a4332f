import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { readItems } from './items.ts'
import { printable } from './words.ts'

const PATIENT_URN = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a'

function bundle(type: string, ...entry: unknown[]): unknown {
  return { resourceType: 'Bundle', type, entry }
}

function patient(more: object = {}): object {
  return { resourceType: 'Patient', ...more }
}

describe('how an entry is stored', () => {
  test.each([
    [
      'a urn:uuid becomes the id',
      { fullUrl: PATIENT_URN, resource: patient(), request: { method: 'POST', url: 'Patient' } },
      'Patient/61ebe359-bfdc-4613-8bf2-c5e300945f0a',
    ],
    [
      'a PUT keeps its id',
      { resource: patient({ id: 'a' }), request: { method: 'PUT', url: 'Patient/b' } },
      'Patient/b',
    ],
    [
      'a resource keeps its id',
      { fullUrl: 'http://example.org/Patient/x', resource: patient({ id: 'x' }) },
      'Patient/x',
    ],
  ])('%s', (_, entry, url) => {
    const { items } = readItems(bundle('transaction', entry), '')
    expect(items.map(({ request, resource }) => [request, resource['id']])).toEqual([
      [{ method: 'PUT', url }, url.split('/')[1]],
    ])
  })

  test('a conditional create stays one, and others find it by the same condition', () => {
    const entry = {
      fullUrl: PATIENT_URN,
      resource: patient(),
      request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=a|b' },
    }
    const { items, conditional } = readItems(bundle('transaction', entry), '')
    expect(items[0]?.request).toEqual({ method: 'POST', url: 'Patient', ifNoneExist: 'identifier=a|b' })
    expect(conditional.get(PATIENT_URN)).toBe('Patient?identifier=a|b')
  })

  test('what has no id gets one from its content: the same again the next time', () => {
    const read = () =>
      readItems(
        bundle('batch', {
          resource: patient({ birthDate: '1980-01-01' }),
          request: { method: 'POST', url: 'Patient' },
        }),
        '',
      )
    expect(read().items[0]?.request.url).toMatch(/^Patient\/[0-9a-f-]{36}$/)
    expect(read()).toEqual(read())
  })

  test('references follow to the new ids; everything else stays as it was', () => {
    const { items } = readItems(
      bundle(
        'transaction',
        { fullUrl: PATIENT_URN, resource: patient(), request: { method: 'POST', url: 'Patient' } },
        {
          fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000001',
          resource: {
            resourceType: 'Observation',
            subject: { reference: PATIENT_URN },
            performer: [{ reference: 'Practitioner?identifier=a|b' }, { reference: '#inside' }],
            note: [{ text: PATIENT_URN }],
          },
          request: { method: 'POST', url: 'Observation' },
        },
      ),
      '',
    )
    expect(items[1]?.resource).toMatchObject({
      subject: { reference: 'Patient/61ebe359-bfdc-4613-8bf2-c5e300945f0a' },
      performer: [{ reference: 'Practitioner?identifier=a|b' }, { reference: '#inside' }],
      note: [{ text: PATIENT_URN }],
    })
  })
})

test('bad entries are named by their number and the others are kept', () => {
  const { items, problems } = readItems(
    bundle(
      'transaction',
      null,
      { resource: patient({ id: 'a' }) },
      { request: { method: 'DELETE', url: 'Patient/a' } },
      { resource: {} },
      { resource: [] },
    ),
    'x.json',
  )
  expect(items).toHaveLength(1)
  expect(problems).toEqual([
    { where: 'x.json, entry 1', reason: 'the entry is not an object' },
    { where: 'x.json, entry 3', reason: 'DELETE is not done by an import' },
    { where: 'x.json, entry 4', reason: 'the entry has no resourceType' },
    { where: 'x.json, entry 5', reason: 'the entry has no resource' },
  ])
})

test.each([null, 1, 'text', [], {}, { resourceType: 7 }])('%j is not FHIR and is skipped', (value) => {
  expect(readItems(value, '')).toMatchObject({ items: [], problems: [], skipped: [{ where: '' }] })
})

test('no JSON whatever makes reading fail', () => {
  const json = fc.jsonValue({ maxDepth: 6 })
  fc.assert(
    fc.property(
      fc.oneof(
        json,
        fc.array(json).map((entry) => ({ resourceType: 'Bundle', type: 'batch', entry })),
      ),
      (value) => {
        const { items } = readItems(structuredClone(value), '')
        for (const { request } of items) expect(request.url).toMatch(/^[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/)
      },
    ),
  )
})

test('what a file says cannot steer the terminal', () => {
  expect(printable('a\u001b[2Jb\r\n\u202ec'.repeat(40), 20)).toBe('a [2Jb c'.repeat(3).slice(0, 19) + '…')
})
