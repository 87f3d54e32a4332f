import type { Basic, Bundle } from '@medplum/fhirtypes'
import {
  CONFORMANCE_SUITE,
  isPassing,
  PROVEN_SOFTWARE,
  verdictFromBasic,
  verdictId,
} from '@openward/fhir-client/conformance'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { inheritedEnvironment, ROOT } from '../system/env.ts'
import { runScript, startRecord, type TestRecord } from '../testing/record.ts'
import { CAPABILITY_NAMES, type CapabilityName, capabilityRow } from './capabilities.ts'
import { type Report, runConformance } from './run.ts'
import { type Fault, type FaultyServer, type Meddle, startFaultyServer } from './testing/faulty-server.ts'
import { SMALL_FAULTS } from './testing/small-faults.ts'

let record: TestRecord
let healthy: Report
const open: FaultyServer[] = []

async function faulty(fault: Fault | Meddle): Promise<FaultyServer> {
  const server = await startFaultyServer(record.baseUrl, fault)
  open.push(server)
  return server
}

beforeAll(async () => {
  record = await startRecord()
  healthy = await runConformance({ baseUrl: record.baseUrl, headers: record.headers })
})

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()))
})

afterAll(async () => {
  await record.stop()
})

function resultsOf({ findings }: Report): Partial<Record<CapabilityName, string>> {
  return Object.fromEntries(findings.map(({ name, result }) => [name, result]))
}

function sentenceOf({ findings }: Report, name: CapabilityName): string | undefined {
  return findings.find((one) => one.name === name)?.sentence
}

async function everythingStored(): Promise<number> {
  const types = [
    'Patient',
    'Appointment',
    'Slot',
    'Schedule',
    'Observation',
    'Practitioner',
    'Condition',
    'Basic',
  ]
  const counts = await Promise.all(types.map((type) => record.count(type)))
  return counts.reduce((sum, count) => sum + count, 0)
}

describe('the embedded record', () => {
  test('passes everything that Openward depends on, and fails nothing', () => {
    expect(healthy.findings.map(({ name }) => name)).toEqual(CAPABILITY_NAMES)
    expect(healthy.findings.filter(({ result }) => result === 'fail')).toEqual([])
    const needed = CAPABILITY_NAMES.filter((name) => capabilityRow(name).need === 'needed')
    const results = resultsOf(healthy)
    expect(needed.filter((name) => results[name] !== 'pass')).toEqual([])
    expect(healthy.isPassed).toBe(true)
  })

  test('is of the name and version that booking trusts without a verdict', () => {
    expect(healthy.software).toEqual(PROVEN_SOFTWARE)
  })

  test('holds nothing of the run afterwards', async () => {
    expect(healthy.leftBehind).toEqual([])
    expect(await everythingStored()).toBe(0)
  })

  test('makes no version of an update that changes nothing, which is told', () => {
    expect(sentenceOf(healthy, 'update-unchanged')).toBe('an update that changes nothing makes no version')
  })
})

type Expected = {
  isPassed: boolean
  differs: Partial<Record<CapabilityName, 'pass' | 'fail' | 'not-supported'>>
}

const FAULTS: [Fault, Expected][] = [
  [
    'passes over ifMatch in transactions',
    {
      isPassed: false,
      differs: {
        'transaction-if-match': 'fail',
        'transaction-race': 'fail',
        'transaction-delete-if-match': 'not-supported',
      },
    },
  ],
  ['answers 409 for 412', { isPassed: true, differs: {} }],
  ['makes a version of every update', { isPassed: true, differs: {} }],
  ['takes a changed extension for no change', { isPassed: false, differs: { 'update-extension': 'fail' } }],
  [
    'applies what it can of a failed transaction',
    {
      isPassed: false,
      differs: {
        'transaction-atomic': 'fail',
        'transaction-if-match': 'fail',
        'transaction-race': 'fail',
        'transaction-if-none-match': 'fail',
      },
    },
  ],
  ['passes over unknown parameters', { isPassed: true, differs: { 'search-strict': 'not-supported' } }],
  [
    'tells no totals',
    { isPassed: true, differs: { 'search-total': 'not-supported', 'search-count': 'not-supported' } },
  ],
  ['names pages at another address', { isPassed: false, differs: { 'search-paging': 'fail' } }],
  ['finds nothing that is new', { isPassed: false, differs: { 'search-now': 'fail' } }],
]

describe('a server that', () => {
  test.each(FAULTS)(
    '%s is told by exactly the checks that are about it',
    async (fault, { isPassed, differs }) => {
      const { baseUrl } = await faulty(fault)
      const report = await runConformance({ baseUrl, headers: record.headers })
      const usual = resultsOf(healthy)
      const changed = report.findings.filter(({ name, result }) => usual[name] !== result)
      expect(Object.fromEntries(changed.map(({ name, result }) => [name, result]))).toEqual(differs)
      expect(report.isPassed).toBe(isPassed)
      expect(report.leftBehind).toEqual([])
    },
  )

  test.each(SMALL_FAULTS)('%s does not pass %j', async (_, only, meddle) => {
    const { baseUrl } = await faulty(meddle)
    const report = await runConformance({ baseUrl, headers: record.headers, only })
    expect(report.findings.filter(({ result }) => result === 'pass')).toEqual([])
    expect(report.findings.map(({ name }) => name).toSorted()).toEqual([...only].toSorted())
    expect(report.isPassed).toBe(false)
  })

  test('lacks any one thing that Openward depends on is seen by one of these checks', () => {
    const seen = new Set([
      ...FAULTS.flatMap(([, { differs }]) => Object.keys(differs)),
      ...SMALL_FAULTS.flatMap(([, checks]) => checks),
    ])
    const needed = CAPABILITY_NAMES.filter((name) => capabilityRow(name).need === 'needed')
    expect(needed.filter((name) => !seen.has(name))).toEqual([])
  })

  test('answers 409 for 412 has it said beside the pass', async () => {
    const { baseUrl } = await faulty('answers 409 for 412')
    const only = ['if-match', 'transaction-if-match'] as const
    const report = await runConformance({ baseUrl, headers: record.headers, only })
    for (const name of only) expect(sentenceOf(report, name)).toContain('409')
  })

  test('makes a version of every update has it said beside the pass', async () => {
    const { baseUrl } = await faulty('makes a version of every update')
    const report = await runConformance({ baseUrl, headers: record.headers, only: ['update-unchanged'] })
    expect(sentenceOf(report, 'update-unchanged')).toContain('makes a version, too')
  })

  test.each(['breaks off at transactions', 'answers pages of HTML'] as const)(
    '%s fails in words, and the other checks go on',
    async (fault) => {
      const { baseUrl } = await faulty(fault)
      const report = await runConformance({ baseUrl, headers: record.headers })
      expect(report.isPassed).toBe(false)
      expect(report.findings.length).toBe(CAPABILITY_NAMES.length)
      expect(resultsOf(report).update).toBe('pass')
      for (const { result, sentence } of report.findings)
        expect(result === 'pass' || sentence.length > 10).toBe(true)
    },
  )

  test('deletes nothing is told what stays there', async () => {
    const { baseUrl } = await faulty('deletes nothing')
    const report = await runConformance({
      baseUrl,
      headers: record.headers,
      only: ['create', 'update-as-create'],
    })
    expect(report.leftBehind).toHaveLength(2)
    const tidy = await Promise.all(
      report.leftBehind.map((address) =>
        fetch(`${record.baseUrl}/${address}`, { method: 'DELETE', headers: record.headers }),
      ),
    )
    expect(tidy.map(({ status }) => status)).toEqual([200, 200].map(() => tidy[0]?.status))
    expect(await record.count('Patient')).toBe(0)
  })
})

describe('npm run conformance', () => {
  test('without an address looks at the record that is named for the other commands, and ends with 0', async () => {
    const { code, stdout } = await runScript('conformance', [], record.environment)
    expect(stdout).toContain(`${PROVEN_SOFTWARE.name}, version ${PROVEN_SOFTWARE.version}`)
    expect(stdout).toMatch(/pass +transaction-if-match/)
    expect(stdout).toContain('booking is safe on it')
    expect(code).toBe(0)
    expect(await everythingStored()).toBe(0)
  })

  test('ends with 1 where booking is not safe, and says why', async () => {
    const { baseUrl } = await faulty('passes over ifMatch in transactions')
    const { authorization } = record.headers
    const header = ['--header', `Authorization: ${authorization}`]
    const { code, stdout } = await runScript('conformance', [baseUrl, ...header], {
      OPENWARD_DATA: record.folder,
    })
    expect(stdout).toMatch(/FAIL +transaction-if-match/)
    expect(stdout).toContain(
      'Openward cannot run on this server: it depends on transaction-if-match and transaction-race.',
    )
    expect(code).toBe(1)
  })

  test('takes the token from the environment, and gives one JSON object', async () => {
    const { FHIR_TOKEN = '' } = record.environment
    const args = [record.baseUrl, '--json', '--only', 'read,search-now']
    const { code, stdout } = await runScript('conformance', args, {
      FHIR_TOKEN,
      OPENWARD_DATA: record.folder,
    })
    const report = JSON.parse(stdout) as Report
    expect(report.findings.map(({ name, result }) => [name, result])).toEqual([
      ['read', 'pass'],
      ['search-now', 'pass'],
    ])
    expect(stdout).not.toContain(FHIR_TOKEN)
    expect(code).toBe(0)
  })

  test('keeps the token of the environment from a server that it is not for', async () => {
    const { FHIR_TOKEN = '' } = record.environment
    const settings = { FHIR_TOKEN, FHIR_BASE_URL: 'https://other.example/fhir', OPENWARD_DATA: record.folder }
    const { code, stderr } = await runScript('conformance', [record.baseUrl], settings)
    expect(stderr).toContain('asks for a token')
    expect(code).toBe(1)
  })

  test.concurrent.each([
    [['ftp://server/fhir'], 'is not the address of a FHIR server'],
    [['http://someone:secret@127.0.0.1/fhir'], 'no user and password'],
    [['http://127.0.0.1:9/fhir'], 'There is no answer from http://127.0.0.1:9/fhir'],
    [['http://a/fhir', 'http://b/fhir'], 'Name one server'],
    [['--only', 'reed'], 'There is no check "reed"'],
    [['--only', 'read', '--save'], 'Only a whole run can be saved'],
    [['--header', 'no colon'], 'A header is written as'],
    [['--what'], "Unknown option '--what'"],
  ])('says what is wrong with %j', async (args, words) => {
    const { code, stdout, stderr } = await runScript('conformance', args, record.environment)
    expect(`${stdout}${stderr}`).toContain(words)
    expect(code).toBe(1)
  })

  test('names its checks, each with what is lost without it', async () => {
    const { code, stdout } = await runScript('conformance', ['--list'], { OPENWARD_DATA: record.folder })
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(CAPABILITY_NAMES)
    expect(stdout).toMatch(/^transaction-race: .*Openward depends on it\.$/m)
    expect(stdout).toMatch(/^search-strict: .*Without it: the BFF refuses/m)
    expect(code).toBe(0)
  })

  test('takes away what it stored when it is interrupted', async () => {
    const { baseUrl } = await faulty('is slow')
    const child = spawn(process.execPath, [join(ROOT, 'scripts/conformance.ts'), baseUrl], {
      env: {
        ...inheritedEnvironment(),
        FHIR_TOKEN: record.environment['FHIR_TOKEN'],
        OPENWARD_DATA: record.folder,
      },
      stdio: 'ignore',
    })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    while ((await record.count('Patient')) < 3) await pause(20)
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    expect(await everythingStored()).toBe(0)
  })
})

describe('--save', () => {
  async function saved(): Promise<Basic | undefined> {
    const bundle = (await record.get(`Basic?_id=${verdictId(PROVEN_SOFTWARE)}`)) as unknown as Bundle
    return bundle.entry?.[0]?.resource as Basic | undefined
  }

  test('keeps the verdict in the server by its name and version, in place of the one before', async () => {
    const failing = await faulty('passes over ifMatch in transactions')
    const settings = { FHIR_TOKEN: record.environment['FHIR_TOKEN'] ?? '', OPENWARD_DATA: record.folder }
    await runScript('conformance', [failing.baseUrl, '--save'], settings)
    const first = verdictFromBasic(await saved())
    expect(first?.isPassed).toBe(false)
    expect(first?.results['transaction-if-match']).toBe('fail')
    expect(isPassing(first, PROVEN_SOFTWARE)).toBe(false)

    const { code } = await runScript('conformance', [record.baseUrl, '--save'], settings)
    const second = verdictFromBasic(await saved())
    expect(code).toBe(0)
    expect(second).toMatchObject({ software: PROVEN_SOFTWARE, suite: CONFORMANCE_SUITE, isPassed: true })
    expect(Object.keys(second?.results ?? {})).toEqual(CAPABILITY_NAMES)
    expect(isPassing(second, PROVEN_SOFTWARE)).toBe(true)
    expect(isPassing(second, { ...PROVEN_SOFTWARE, version: 'another' })).toBe(false)
  })
})
