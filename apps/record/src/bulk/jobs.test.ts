import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { makeFolder } from '../testing/record.ts'
import type { JobResult } from './job.ts'
import { Jobs } from './jobs.ts'
import { TaskFailure } from './task.ts'

const folder = makeFolder()
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

const RESULT: JobResult = { transactionTime: '2026-01-01T00:00:00Z', output: [], deleted: [], error: [] }
const WORK = { kind: 'export', question: { level: 'system' } } as const

/** Jobs whose work ends when the test says so. */
function open() {
  const stop = vi.fn<() => Promise<void>>(async () => undefined)
  const begun: { id: string; finish: (result: JobResult) => void; fail: (error: Error) => void }[] = []
  const jobs = new Jobs({
    folder,
    log: pino({ level: 'silent' }),
    begin: (job) => {
      const { promise, resolve, reject } = Promise.withResolvers<JobResult>()
      begun.push({ id: job.id, finish: resolve, fail: reject })
      return { finished: promise, progress: () => 'halfway', stop }
    },
  })
  return { jobs, begun, stop }
}

test('a job that was running when the process ended is begun again, and what was finished is still told', async () => {
  const first = open()
  const done = first.jobs.start('a', WORK)!
  first.begun[0]?.finish(RESULT)
  await vi.waitFor(() => expect(done.endedMs).toBeDefined())
  const interrupted = first.jobs.start('b', WORK)!
  expect(first.jobs.progressOf(interrupted)).toBe('halfway')
  await first.jobs.stop()
  const second = open()
  expect(second.begun.map((one) => one.id)).toEqual([interrupted.id])
  expect(second.jobs.find(done.id)?.result).toEqual(RESULT)
  second.begun[0]?.finish(RESULT)
  await vi.waitFor(() => expect(second.jobs.find(interrupted.id)?.result).toEqual(RESULT))
  await second.jobs.stop()
})

test('a job that ends the process each time is given up in words, and so is one that fails', async () => {
  let { jobs, begun } = open()
  const poison = jobs.start('a', WORK)!
  for (let restart = 0; restart < 4; restart++) {
    await jobs.stop()
    ;({ jobs, begun } = open())
  }
  expect(begun).toEqual([])
  expect(jobs.find(poison.id)?.failure).toMatch(/given up/)
  const failing = jobs.start('b', WORK)!
  begun[0]?.fail(new TaskFailure('The disk is full.', 'here'))
  await vi.waitFor(() => expect(jobs.find(failing.id)?.failure).toBe('The disk is full.'))
  const unknown = jobs.start('c', WORK)!
  begun[1]?.fail(new Error('/secret/path'))
  await vi.waitFor(() => expect(jobs.find(unknown.id)?.failure).toBe('The job could not be finished.'))
  await jobs.stop()
})

test('a job that fails leaves none of its files behind', async () => {
  const { jobs, begun } = open()
  const job = jobs.start('a', WORK)!
  writeFileSync(jobs.pathOf(job.id, 'Patient-1.ndjson'), '{}')
  begun[0]?.fail(new TaskFailure('The disk is full.', 'here'))
  await vi.waitFor(() => expect(job.endedMs).toBeDefined())
  expect(readdirSync(jobs.pathOf(job.id, ''))).toEqual(['job.json'])
  await jobs.stop()
})

test('where nothing can be written a job fails in words, and the process goes on', async () => {
  const { jobs, begun } = open()
  const [running, ended] = [jobs.start('a', WORK)!, jobs.start('b', WORK)!]
  rmSync(folder, { recursive: true })
  writeFileSync(folder, 'no folder')
  begun[0]?.finish(RESULT)
  begun[1]?.fail(new TaskFailure('The disk is full.', 'here'))
  await vi.waitFor(() => expect(ended.endedMs).toBeDefined())
  await new Promise((resolve) => setImmediate(resolve))
  expect(jobs.find(running.id)?.result).toEqual(RESULT)
  const late = jobs.start('c', WORK)!
  expect(jobs.find(late.id)?.failure).toMatch(/could not be begun/)
  await jobs.stop()
})

test('a job that is removed is ended first, and what it says afterwards is not heard', async () => {
  const { jobs, begun, stop } = open()
  const job = jobs.start('a', WORK)!
  await jobs.remove(job)
  expect(stop).toHaveBeenCalledOnce()
  begun[0]?.finish(RESULT)
  await new Promise((resolve) => setImmediate(resolve))
  expect([jobs.find(job.id), readdirSync(folder)]).toEqual([undefined, []])
  await jobs.stop()
})

test('what has ended is kept for a day, then it is removed with its files, also at the next start; leftovers that are no jobs go at once', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const first = open()
  const job = first.jobs.start('a', WORK)!
  first.begun[0]?.finish(RESULT)
  await vi.waitFor(() => expect(job.endedMs).toBeDefined())
  vi.setSystemTime(Date.now() + 23 * 3_600_000)
  expect(first.jobs.find(job.id)).toBeDefined()
  const [running] = [first.jobs.start('b', WORK)!]
  await first.jobs.stop()
  mkdirSync(path.join(folder, 'leftover'))
  writeFileSync(path.join(folder, 'leftover', 'Patient-1.ndjson'), '{}')
  vi.setSystemTime(Date.now() + 2 * 3_600_000)
  const second = open()
  expect(existsSync(path.join(folder, job.id))).toBe(false)
  expect(readdirSync(folder)).toEqual([running.id])
  second.begun[0]?.finish(RESULT)
  await vi.waitFor(() => expect(second.jobs.find(running.id)?.result).toBeDefined())
  vi.setSystemTime(Date.now() + 25 * 3_600_000)
  expect(second.jobs.find(running.id)).toBeUndefined()
  expect(readdirSync(folder)).toEqual([])
  await second.jobs.stop()
})
