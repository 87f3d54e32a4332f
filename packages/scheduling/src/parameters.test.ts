import type { Appointment, Parameters } from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client/canonical'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { OPERATION_SCHEMAS } from './operations.schema.ts'
import type { OperationName } from './operations.schema.ts'
import { fieldOf, parametersFor, parseParameters } from './parameters.ts'

const OPERATIONS = Object.keys(OPERATION_SCHEMAS) as OperationName[]

const OPENING: Appointment = {
  resourceType: 'Appointment',
  status: 'proposed',
  start: '2027-06-01T09:00:00-04:00',
  end: '2027-06-01T09:20:00-04:00',
  participant: [
    { actor: { reference: 'Practitioner/1' }, status: 'accepted' },
    { actor: { reference: 'Location/north' }, status: 'accepted' },
    { actor: { reference: 'HealthcareService/blood' }, status: 'accepted' },
  ],
  extension: [
    { url: EXTENSION.visitMode, valueCode: 'in-person' },
    { url: EXTENSION.timeZone, valueCode: 'America/New_York' },
  ],
}

const READ_OPENING = {
  start: OPENING.start,
  end: OPENING.end,
  service: 'HealthcareService/blood',
  practitioner: 'Practitioner/1',
  location: 'Location/north',
  visitMode: 'in-person',
  timeZone: 'America/New_York',
  participants: ['Practitioner/1', 'Location/north', 'HealthcareService/blood'],
}

const FIND = {
  start: '2027-06-01T00:00:00-04:00',
  end: '2027-06-08T00:00:00-04:00',
  service: 'HealthcareService/blood',
  practitioners: ['Practitioner/1', 'Practitioner/2'],
  locations: ['Location/north'],
  visitMode: 'video',
  partOfDay: 'morning',
  language: 'es',
  interpreter: 'pt-BR',
  patient: 'Patient/1',
  ignoreAppointment: 'Appointment/9',
  count: 10,
} as const

describe('what a client writes is what the server reads', () => {
  test('$find', () => {
    const find = { ...FIND, practitioners: [...FIND.practitioners], locations: [...FIND.locations] }
    expect(parseParameters('$find', parametersFor('$find', find))).toEqual({ ok: true, input: FIND })
    const least = { start: FIND.start, end: FIND.end, service: FIND.service }
    expect(parseParameters('$find-days', parametersFor('$find-days', least))).toEqual({
      ok: true,
      input: { ...least, practitioners: [], locations: [], count: 50 },
    })
  })

  test('$hold', () => {
    const body = parametersFor('$hold', { opening: OPENING, patient: 'Patient/1', replaces: 'Appointment/9' })
    expect(parseParameters('$hold', body)).toEqual({
      ok: true,
      input: { opening: READ_OPENING, patient: 'Patient/1', replaces: 'Appointment/9' },
    })
  })

  test('$book with a hold and the details of the form', () => {
    const details = {
      reason: 'Cough',
      comment: '',
      contactPhone: '(555) 010-1234',
      interpreterLanguage: 'es',
      accessNeeds: 'Step-free',
    }
    const body = parametersFor('$book', { hold: 'Appointment/3', ...details })
    const { comment: _empty, ...kept } = details
    expect(parseParameters('$book', body)).toEqual({ ok: true, input: { hold: 'Appointment/3', ...kept } })
  })

  test('$book with an opening', () => {
    const body = parametersFor('$book', {
      opening: OPENING,
      patient: 'Patient/1',
      overrideReason: 'Both needed',
    })
    expect(parseParameters('$book', body)).toEqual({
      ok: true,
      input: { opening: READ_OPENING, patient: 'Patient/1', overrideReason: 'Both needed' },
    })
  })

  test('$cancel, $reschedule and $series', () => {
    const cancel = {
      reason: {
        system: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason',
        code: 'pat',
      },
      scope: 'following',
      version: '3',
    } as const
    expect(parseParameters('$cancel', parametersFor('$cancel', cancel))).toEqual({ ok: true, input: cancel })
    expect(parseParameters('$cancel', { resourceType: 'Parameters' })).toEqual({
      ok: true,
      input: { scope: 'this' },
    })
    expect(parseParameters('$reschedule', parametersFor('$reschedule', { hold: 'Appointment/4' }))).toEqual({
      ok: true,
      input: { hold: 'Appointment/4', scope: 'this' },
    })
    const series = {
      patient: 'Patient/1',
      count: 4,
      intervalWeeks: 2,
      chosen: ['2027-06-01T09:00:00-04:00', '2027-06-15T09:00:00-04:00'],
    }
    expect(parseParameters('$series', parametersFor('$series', { ...series, opening: OPENING }))).toEqual({
      ok: true,
      input: { ...series, opening: READ_OPENING },
    })
  })

  test('$block, $unblock and $close', () => {
    const block = { start: FIND.start, end: FIND.end, comment: 'Training' }
    expect(parseParameters('$block', parametersFor('$block', block))).toEqual({ ok: true, input: block })
    expect(parseParameters('$unblock', parametersFor('$unblock', { slot: 'Slot/1' }))).toEqual({
      ok: true,
      input: { slot: 'Slot/1' },
    })
    const close = { startDate: '2027-06-01', endDate: '2027-06-01', reason: 'Flood' }
    expect(parseParameters('$close', parametersFor('$close', close))).toEqual({ ok: true, input: close })
  })
})

function issuesOf(operation: OperationName, body: unknown): string[] {
  const parsed = parseParameters(operation, body)
  return parsed.ok
    ? []
    : parsed.issues.map(({ expression, code }) => `${fieldOf(operation, expression) ?? expression} ${code}`)
}

function findWith(change: Record<string, unknown>): unknown {
  const find = { start: FIND.start, end: FIND.end, service: FIND.service }
  return parametersFor('$find', { ...find, ...change })
}

describe('an input that is wrong is named by its field', () => {
  test.each([
    [null, ['Parameters structure']],
    ['', ['Parameters structure']],
    [[], ['Parameters structure']],
    [{ resourceType: 'Bundle' }, ['Parameters structure']],
    [{ resourceType: 'Parameters', parameter: {} }, ['Parameters.parameter structure']],
    [
      { resourceType: 'Parameters', parameter: Array.from({ length: 2_000 }, () => ({ name: 'start' })) },
      ['Parameters.parameter structure'],
    ],
    [{ resourceType: 'Parameters' }, ['start required', 'end required', 'service required']],
  ])('a body that is not the operation’s, case %#', (body, issues) => {
    expect(issuesOf('$find', body)).toEqual(issues)
  })

  test.each<[Record<string, unknown>, string[]]>([
    [{ start: '2027-06-01' }, ['start value']],
    [{ start: '2027-06-01T09:00:00' }, ['start value']],
    [{ start: '2027-02-30T09:00:00Z' }, ['start value']],
    [{ start: '9999-12-31T09:00:00Z' }, ['start value']],
    [{ start: '2027-06-01T09:00:00+14:01' }, ['start value']],
    [{ start: '2027-06-01T09:00:00-14:59' }, ['start value']],
    [{ start: '+275760-09-13T00:00:00Z' }, ['start value']],
    [{ end: FIND.start }, ['end value']],
    [{ end: '2027-09-02T00:00:00-04:00' }, ['end value']],
    [{ service: 'HealthcareService/../Patient' }, ['service value']],
    [{ service: 'https://elsewhere.example/HealthcareService/1' }, ['service value']],
    [{ practitioners: ['Patient/1'] }, ['practitioners value']],
    [{ visitMode: 'telepathy' }, ['visitMode value']],
    [{ partOfDay: 'night' }, ['partOfDay value']],
    [{ language: 'Español' }, ['language value']],
    [{ count: 1_001 }, ['count value']],
    [{ count: -1 }, ['count value']],
    [{ count: 1.5 }, ['count value']],
  ])('a search with %j', (change, issues) => {
    expect(issuesOf('$find', findWith(change))).toEqual(issues)
  })

  test('a span of 92 days is still allowed', () => {
    expect(issuesOf('$find', findWith({ end: '2027-09-01T00:00:00-04:00' }))).toEqual([])
  })

  test('a value twice, of another type, or of an unknown parameter is refused without repeating what was sent', () => {
    const twice = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'slot', valueReference: { reference: 'Slot/1' } },
        { name: 'slot', valueReference: { reference: 'Slot/2' } },
      ],
    }
    expect(issuesOf('$unblock', twice)).toEqual(['slot structure'])
    expect(
      issuesOf('$unblock', {
        resourceType: 'Parameters',
        parameter: [{ name: 'slot', valueString: 'Slot/1' }],
      }),
    ).toEqual(['slot value'])
    const odd = {
      resourceType: 'Parameters',
      parameter: [{ name: 'slot', valueReference: { reference: 'Slot/1' } }, { name: "secret'" }, 7],
    }
    expect(issuesOf('$unblock', odd)).toEqual([
      'Parameters.parameter[1] not-supported',
      'Parameters.parameter[2] structure',
    ])
  })

  test.each<[Partial<Appointment>, string]>([
    [{ start: 'soon' }, '.start value'],
    [{ end: '2027-06-01T08:00:00-04:00' }, '.end value'],
    [{ participant: [] }, '.participant required'],
    [
      { participant: [...OPENING.participant, { actor: { reference: '#contained' }, status: 'accepted' }] },
      '.participant value',
    ],
    [{ extension: [{ url: EXTENSION.visitMode, valueCode: 'telepathy' }] }, '.extension value'],
  ])('an opening with %j', (change, issue) => {
    const parsed = parseParameters(
      '$hold',
      parametersFor('$hold', { opening: { ...OPENING, ...change }, patient: 'Patient/1' }),
    )
    const prefix = "Parameters.parameter.where(name='appointment-resource').resource"
    expect(
      parsed.ok
        ? []
        : parsed.issues.map(({ expression, code }) => `${expression.replace(prefix, '')} ${code}`),
    ).toContain(issue)
  })

  test('another resource in place of the opening is refused', () => {
    const body = {
      resourceType: 'Parameters',
      parameter: [{ name: 'appointment-resource', resource: { resourceType: 'Patient' } }],
    }
    expect(parseParameters('$hold', body).ok).toBe(false)
  })

  test('$book needs a hold or an opening with its patient, not both', () => {
    expect(issuesOf('$book', parametersFor('$book', {}))).toEqual(['hold required'])
    expect(issuesOf('$book', parametersFor('$book', { opening: OPENING }))).toEqual(['patient required'])
    expect(
      issuesOf(
        '$book',
        parametersFor('$book', { opening: OPENING, hold: 'Appointment/1', patient: 'Patient/1' }),
      ),
    ).toEqual(['opening value'])
  })

  test.each([
    [{ reason: 'x'.repeat(1_001) }, 'reason too-long'],
    [{ reason: 'bell\u0007' }, 'reason value'],
    [{ comment: 'half \ud800 pair' }, 'comment value'],
    [{ contactPhone: 'call me' }, 'contactPhone value'],
    [{ contactPhone: '0'.repeat(500) }, 'contactPhone value'],
    [{ interpreterLanguage: 'klingon language' }, 'interpreterLanguage value'],
  ])('a booking with %j', (details, issue) => {
    expect(issuesOf('$book', parametersFor('$book', { hold: 'Appointment/1', ...details }))).toEqual([issue])
  })

  test('a series has 2 to 26 visits, 1 to 8 weeks apart, each start chosen once', () => {
    const series = { opening: OPENING, patient: 'Patient/1', count: 2 }
    expect(issuesOf('$series', parametersFor('$series', { ...series, count: 1 }))).toEqual(['count value'])
    expect(issuesOf('$series', parametersFor('$series', { ...series, count: 27 }))).toEqual(['count value'])
    expect(issuesOf('$series', parametersFor('$series', { ...series, intervalWeeks: 9 }))).toEqual([
      'intervalWeeks value',
    ])
    const chosen = ['2027-06-01T09:00:00-04:00', '2027-06-01T13:00:00Z']
    expect(issuesOf('$series', parametersFor('$series', { ...series, chosen }))).toEqual(['chosen value'])
  })
})

test('no body whatever makes parsing throw, and an issue never carries the sender’s text', () => {
  const part = fc.record(
    {
      name: fc.oneof(
        fc.constantFrom(
          'start',
          'end',
          'service',
          'appointment-resource',
          'count',
          'chosen',
          'reason',
          '__proto__',
          'constructor',
        ),
        fc.string(),
      ),
      valueString: fc.anything(),
      valueReference: fc.anything(),
      valueDateTime: fc.anything(),
      valueInteger: fc.anything(),
      valueCoding: fc.anything(),
      resource: fc.oneof(
        fc.anything(),
        fc.record({
          resourceType: fc.constant('Appointment'),
          participant: fc.anything(),
          extension: fc.anything(),
        }),
        fc.record({
          resourceType: fc.constant('Appointment'),
          participant: fc.array(fc.record({ actor: fc.anything() })),
          extension: fc.array(fc.anything()),
        }),
      ),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...OPERATIONS),
      fc.oneof(fc.anything(), fc.array(fc.oneof(part, fc.anything()))),
      (operation, parameter) => {
        const parsed = parseParameters(operation, { resourceType: 'Parameters', parameter })
        if (parsed.ok) return
        expect(parsed.issues.length).toBeGreaterThan(0)
        for (const { expression } of parsed.issues)
          expect(expression).toMatch(
            /^Parameters(\.parameter(\[\d+\]|\.where\(name='[a-z_-]+'\)(\.resource\.[a-z]+)?)?)?$/,
          )
      },
    ),
    { numRuns: 2_000 },
  )
})

test('the names on the wire are those of the contract', () => {
  const body: Parameters = parametersFor('$find', {
    ...FIND,
    practitioners: ['Practitioner/1'],
    locations: ['Location/north'],
  })
  expect(body.parameter?.map((one) => one.name)).toEqual([
    'start',
    'end',
    'service',
    'practitioner',
    'location-reference',
    'visit-mode',
    'part-of-day',
    'language',
    'interpreter',
    'patient-reference',
    'ignore-appointment',
    '_count',
  ])
})
