import type { Appointment } from '@medplum/fhirtypes'

import {
  type Check,
  create,
  expectStatus,
  expectThat,
  fail,
  foundIn,
  idsOf,
  NotSupported,
  read,
  search,
  update,
} from '../check.ts'
import { clinicOf } from '../clinic.ts'
import { IDENTIFIER } from '../clinic.data.ts'
import type { Stored, TestedServer } from '../server.ts'
import { formOf } from './searches.ts'

const MANY = 200
const HOUR_MS = 3_600_000
const ROUNDS = 6
const MOST_PAGES = 20
const NO_CACHE = { 'cache-control': 'no-cache' }

const sort: Check = async (server) => {
  const { ids } = await clinicOf(server)
  const sorted = async (type: string, query: Record<string, string>) =>
    (await search(server, type, formOf(query))).matches.map(({ id }) => id).join()
  const patient = `Patient/${ids.nora}`
  const visits = [ids.booked, ids.pending, ids.cancelled]
  const up = await sorted('Appointment', { patient, _sort: 'date' })
  expectThat(up === visits.join(), 'Appointment with _sort=date is not in the order of time')
  const down = await sorted('Appointment', { patient, _sort: '-date' })
  expectThat(down === visits.toReversed().join(), 'Appointment with _sort=-date is not in the order of time')
  const schedule = `Schedule/${ids.adaCalendar}`
  const slots = await sorted('Slot', { schedule, _sort: 'start' })
  expectThat(
    slots === [ids.leave, ids.taken, ids.held, ids.open].join(),
    'Slot with _sort=start is not in the order of time',
  )
}

/** The link as a path below the base: Openward goes nowhere else with its token. */
function belowBase(server: TestedServer, link: string): string {
  const base = new URL(`${server.baseUrl}/`)
  const target = new URL(link, base)
  expectThat(
    target.origin === base.origin && target.pathname.concat('/').startsWith(base.pathname),
    'A next link leaves the base address of the server',
  )
  return `${target.pathname.slice(base.pathname.length)}${target.search}`
}

const paging: Check = async (server) => {
  const { ids } = await clinicOf(server)
  const what = 'Slot with _count=2'
  let page = await search(server, 'Slot', formOf({ schedule: `Schedule/${ids.adaCalendar}`, _count: '2' }))
  const all: Stored[] = []
  for (let pages = 0; ; pages += 1) {
    all.push(...page.matches)
    expectThat(page.matches.length <= 2, `${what} gives ${page.matches.length} at once`)
    const next = page.bundle.link?.find(({ relation }) => relation === 'next')?.url
    if (next === undefined) break
    expectThat(pages < MOST_PAGES, `${what} does not come to an end`)
    page = foundIn(await server.send('GET', belowBase(server, next)), `The next page of ${what}`)
  }
  const found = idsOf(all).join()
  const wanted = [ids.taken, ids.held, ids.leave, ids.open].sort().join()
  expectThat(found === wanted, `${what} gives ${all.length} over all pages, not each of 4 once`)
}

const many: Check = async (server) => {
  const { ids } = await clinicOf(server)
  const others = Array.from({ length: MANY - 1 }, (_, index) => `${server.run}-x${index}`)
  const byId = await search(server, 'Slot', formOf({ _id: [ids.taken, ...others].join(','), _count: '1000' }))
  expectThat(byId.matches.length === 1, `_id with ${MANY} ids finds ${byId.matches.length}, not 1`)
  const actors = [`Practitioner/${ids.ada}`, ...others.map((id) => `Practitioner/${id}`)].join(',')
  const byActor = await search(server, 'Schedule', formOf({ actor: actors, _count: '1000' }))
  expectThat(
    byActor.matches.length === 1,
    `actor with ${MANY} references finds ${byActor.matches.length}, not 1`,
  )
  const large = await search(
    server,
    'Slot',
    formOf({ schedule: `Schedule/${ids.adaCalendar}`, _count: '1000' }),
  )
  expectThat(large.matches.length === 4, `_count=1000 finds ${large.matches.length} of 4`)
}

const elements: Check = async (server) => {
  const { ids } = await clinicOf(server)
  const query = { _id: ids.booked, _elements: 'status,start,end,participant,slot,extension' }
  const { matches } = await search(server, 'Appointment', formOf(query))
  const [visit] = matches as (Appointment & Stored)[]
  const isThere = visit?.start !== undefined && visit.participant.length === 3 && visit.slot?.length === 1
  expectThat(isThere, '_elements leaves out elements that were asked for')
  return visit.serviceType === undefined ? undefined : 'sends the other elements, too'
}

const lastUpdated: Check = async (server) => {
  const { ids } = await clinicOf(server)
  for (const [type, _id] of [
    ['Location', ids.site],
    ['HealthcareService', ids.service],
  ] as const) {
    const { meta } = await read(server, `${type}/${_id}`)
    const writtenMs = Date.parse(meta.lastUpdated ?? '')
    const since = async (ms: number) => {
      const query = { _id, _lastUpdated: `ge${new Date(ms).toISOString()}`, _elements: 'id', _count: '1' }
      return (await search(server, type, formOf(query))).matches.length
    }
    expectThat((await since(writtenMs - 2000)) === 1, `${type} by _lastUpdated misses what was just written`)
    expectThat(
      (await since(writtenMs + HOUR_MS)) === 0,
      `${type} by _lastUpdated finds what was written before`,
    )
  }
}

async function visitNow(server: TestedServer, round: number): Promise<void> {
  const mark = `${server.run}-now-${round}`
  const visit: Appointment = {
    resourceType: 'Appointment',
    status: 'booked',
    identifier: [{ system: IDENTIFIER, value: mark }],
    start: '2041-05-06T09:00:00Z',
    end: '2041-05-06T09:30:00Z',
    participant: [{ actor: { display: 'nobody' }, status: 'accepted' }],
  }
  const count = async (status: string) =>
    (await search(server, 'Appointment', formOf({ identifier: `${IDENTIFIER}|${mark}`, status }))).matches
      .length
  const { id } = await create(server, visit)
  expectThat((await count('booked')) === 1, 'A search right after a create does not find it')
  const stored = await read<Appointment>(server, `Appointment/${id}`)
  expectStatus(await update(server, { ...stored, status: 'cancelled' }), [200], 'An update')
  expectThat((await count('booked')) === 0, 'A search right after an update finds what was before')
  expectThat((await count('cancelled')) === 1, 'A search right after an update does not find the change')
  expectStatus(await server.send('DELETE', `Appointment/${id}`), [200, 202, 204], 'A delete')
  expectThat((await count('cancelled')) === 0, 'A search right after a delete finds what was deleted')
}

const now: Check = async (server) => {
  for (let round = 0; round < ROUNDS; round += 1) await visitNow(server, round)
}

const strict: Check = async (server) => {
  const { ids } = await clinicOf(server)
  const form = formOf({ _id: ids.nora, 'no-such-parameter': 'x' })
  const headers = { ...NO_CACHE, prefer: 'handling=strict' }
  const reply = await server.send('POST', 'Patient/_search', { form, headers })
  if (reply.status === 200)
    throw new NotSupported('Unknown parameters are passed over, also with handling=strict')
  expectStatus(reply, [400], 'A search by an unknown parameter with handling=strict')
}

const total: Check = async (server) => {
  const { ids } = await clinicOf(server)
  const query = { schedule: `Schedule/${ids.adaCalendar}`, _count: '1', _total: 'accurate' }
  const { bundle } = await search(server, 'Slot', formOf(query))
  if (bundle.total === undefined) throw new NotSupported('_total=accurate brings no total')
  expectThat(bundle.total === 4, `_total=accurate tells ${bundle.total} of 4`)
}

const count: Check = async (server) => {
  const { ids } = await clinicOf(server)
  const query = { schedule: `Schedule/${ids.adaCalendar}`, _summary: 'count' }
  const { bundle } = await search(server, 'Slot', formOf(query))
  if (bundle.total === undefined) throw new NotSupported('_summary=count brings no total')
  expectThat(bundle.total === 4, `_summary=count tells ${bundle.total} of 4`)
  if ((bundle.entry?.length ?? 0) > 0) fail('_summary=count sends resources')
}

export const ANSWERS = {
  'search-sort': sort,
  'search-paging': paging,
  'search-many': many,
  'search-elements': elements,
  'search-last-updated': lastUpdated,
  'search-now': now,
  'search-strict': strict,
  'search-total': total,
  'search-count': count,
}
