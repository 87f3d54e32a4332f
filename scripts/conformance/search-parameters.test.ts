import { afterAll, beforeAll, expect, test } from 'vitest'

import { startRecord, type TestRecord } from '../testing/record.ts'
import type { CapabilityName } from './capabilities.ts'
import * as needs from './checks/search-needs.ts'
import type { Clinic } from './clinic.ts'
import { CLINIC_KEYS } from './clinic.data.ts'
import { runConformance } from './run.ts'
import { startFaultyServer } from './testing/faulty-server.ts'
import { searching } from './testing/small-faults.ts'

const NEEDS = [
  ['search-appointment', needs.appointmentNeeds],
  ['search-slot', needs.slotNeeds],
  ['search-schedule', needs.scheduleNeeds],
  ['search-directory', needs.directoryNeeds],
  ['search-people', needs.peopleNeeds],
  ['search-clinical', needs.clinicalNeeds],
] as const

/** Stands for a clinic where only the names of what is searched matter. */
const ANY: Clinic = {
  run: 'any',
  ids: Object.fromEntries(CLINIC_KEYS.map((key) => [key, key])) as Clinic['ids'],
  at: (time) => `2041-05-06T${time}Z`,
}

let record: TestRecord
beforeAll(async () => {
  record = await startRecord()
})
afterAll(() => record.stop())

async function resultWithout(
  check: CapabilityName,
  type: string,
  parameter: string,
): Promise<string | undefined> {
  const server = await startFaultyServer(record.baseUrl, searching(parameter, undefined, type))
  const report = await runConformance({ baseUrl: server.baseUrl, headers: record.headers, only: [check] })
  await server.stop()
  return report.findings[0]?.result
}

test.each(NEEDS)(
  '%s passes with the record, and not when any one parameter is passed over',
  async (check, of) => {
    expect(await resultWithout(check, 'Nothing', 'none')).toBe('pass')
    const searched = of(ANY).flatMap(({ type, query }) => Object.keys(query).map((name) => `${type} ${name}`))
    expect(searched.length).toBeGreaterThan(3)
    for (const pair of new Set(searched)) {
      const [type = '', parameter = ''] = pair.split(' ')
      expect([pair, await resultWithout(check, type, parameter)]).toEqual([pair, 'fail'])
    }
  },
)
