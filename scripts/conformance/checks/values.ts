import type { Appointment, Observation, Patient, Slot } from '@medplum/fhirtypes'
import { CANONICAL } from '@openward/fhir-client/canonical'
import { isDeepStrictEqual } from 'node:util'

import { type Check, create, expectStatus, expectThat, NotSupported, read } from '../check.ts'
import { clinicOf } from '../clinic.ts'

type WithPrimitiveExtension = Patient & { _birthDate?: unknown }

const extensions: Check = async (server) => {
  const url = (name: string) => `${CANONICAL}/StructureDefinition/${name}`
  const patient: WithPrimitiveExtension = {
    resourceType: 'Patient',
    contained: [{ resourceType: 'Organization', id: 'clinic', name: 'Harbor Clinic' }],
    extension: [
      {
        url: url('reason-parameter'),
        extension: [
          { url: 'name', valueString: 'earliest' },
          { url: 'value', valueString: '2041-05-06T10:00:00.000-05:00' },
        ],
      },
    ],
    identifier: [
      {
        extension: [{ url: url('idempotency-body'), valueString: 'hash' }],
        system: `${CANONICAL}/conformance`,
        value: `${server.run}-extended`,
      },
    ],
    birthDate: '1980-02-29',
    _birthDate: {
      extension: [
        {
          url: 'http://hl7.org/fhir/StructureDefinition/patient-birthTime',
          valueDateTime: '1980-02-29T07:05:00-05:00',
        },
      ],
    },
    managingOrganization: { reference: '#clinic' },
  }
  const { id } = await create(server, patient)
  const stored = await read<WithPrimitiveExtension>(server, `Patient/${id}`)
  for (const name of ['extension', 'identifier', '_birthDate', 'managingOrganization'] as const)
    expectThat(isDeepStrictEqual(stored[name], patient[name]), `Patient.${name} comes back changed`)
  const [contained] = stored.contained ?? []
  const isKept = contained?.resourceType === 'Organization' && contained.name === 'Harbor Clinic'
  expectThat(isKept, 'A contained resource comes back changed')
}

const TEXTS = [
  'Ñandú Ωmega жук 漢字 العربية עברית हिन्दी',
  'é (composed) é (combining) ﬁ Ⅳ',
  '👩‍👩‍👧 🏳️‍🌈 𝔘𝔫𝔦',
  `O'Brien "quoted" \\ back/slash $,|&=+%20`,
  '<script>alert(1)</script> <b>bold</b> &amp; {{x}} ${y}',
]

const text: Check = async (server) => {
  const name = TEXTS.map((family) => ({ family }))
  const { id } = await create<Patient>(server, { resourceType: 'Patient', name })
  const stored = await read<Patient>(server, `Patient/${id}`)
  const changed = TEXTS.filter((family, index) => stored.name?.[index]?.family !== family)
  expectThat(changed.length === 0, `Text comes back changed, such as ${JSON.stringify(changed[0])}`)
}

const instants: Check = async (server) => {
  const { ids } = await clinicOf(server)
  const [start, end] = ['2041-11-03T01:30:00.123-05:00', '2041-11-03T12:00:00.456+05:45']
  const { id } = await create<Slot>(server, {
    resourceType: 'Slot',
    status: 'entered-in-error',
    schedule: { reference: `Schedule/${ids.roomCalendar}` },
    start,
    end: '2041-11-03T02:00:00-05:00',
  })
  const slot = await read<Slot>(server, `Slot/${id}`)
  expectThat(Date.parse(slot.start) === Date.parse(start), 'A moment comes back as another one')
  expectThat(/(?:Z|[+-]\d\d:\d\d)$/.test(slot.start), 'A moment comes back without its offset from UTC')
  const visit = await create<Appointment>(server, {
    resourceType: 'Appointment',
    status: 'cancelled',
    start,
    end,
    participant: [{ actor: { display: 'nobody' }, status: 'declined' }],
  })
  const stored = await read<Appointment>(server, `Appointment/${visit.id}`)
  expectThat(
    Date.parse(stored.end ?? '') === Date.parse(end),
    'A moment east of UTC comes back as another one',
  )
  return slot.start === start ? undefined : 'writes moments in another offset'
}

/** A number as it is to stand in the JSON. */
function digits(value: string): number {
  return (JSON as unknown as { rawJSON: (text: string) => number }).rawJSON(value)
}

const decimals: Check = async (server) => {
  const quantity = (code: string, value: string) => ({
    code: { text: code },
    valueQuantity: { value: digits(value), unit: 'mg' },
  })
  const reply = await server.send('POST', 'Observation', {
    body: {
      resourceType: 'Observation',
      status: 'final',
      code: { text: server.run },
      component: [quantity('zeros', '1.00'), quantity('far', '123456789.123456789')],
    } satisfies Observation,
    headers: { prefer: 'return=representation' },
  })
  expectStatus(reply, [201], 'Creating an Observation')
  const id =
    (reply.body as Observation | undefined)?.id ??
    /Observation\/([^/]+)/.exec(reply.headers.get('location') ?? '')?.[1]
  const stored = await server.send('GET', `Observation/${id}`)
  expectStatus(stored, [200], 'Reading an Observation')
  expectThat(/"value"\s*:\s*1(?:\.0+)?[,}\s]/.test(stored.text), 'The number 1.00 comes back as another one')
  const lost = [
    /"value"\s*:\s*1\.00[,}\s]/.test(stored.text) ? undefined : '1.00 comes back without its zeros',
    stored.text.includes('123456789.123456789') ? undefined : 'the last of 18 digits are lost',
  ].filter((one) => one !== undefined)
  if (lost.length > 0) throw new NotSupported(lost.join('; '))
}

export const VALUES = { extensions, text, instants, decimals }
