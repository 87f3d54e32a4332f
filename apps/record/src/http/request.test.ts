import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { afterEach, expect, test, vi } from 'vitest'
import { readBody } from './request.ts'

afterEach(() => {
  vi.useRealTimers()
})

function arriving(): PassThrough & IncomingMessage {
  return Object.assign(new PassThrough(), { headers: {} }) as unknown as PassThrough & IncomingMessage
}

test('a body that drips in is given up after two minutes, and its connection closed', async () => {
  vi.useFakeTimers()
  const request = arriving()
  const reading = readBody(request).catch((error: unknown) => error)
  for (let second = 0; second < 119; second++) {
    request.write('x')
    await vi.advanceTimersByTimeAsync(1000)
  }
  expect(request.destroyed).toBe(false)
  await vi.advanceTimersByTimeAsync(1000)
  expect(await reading).toMatchObject({ status: 408 })
  expect(request.destroyed).toBe(true)
})

test('a body that ends in time is read, whatever pieces its characters come in', async () => {
  const request = arriving()
  const text = readBody(request)
  for (const byte of Buffer.from('é👩')) request.write(Buffer.of(byte))
  request.end()
  expect(await text).toBe('é👩')
})

test('bytes that are no UTF-8 are refused, and the next body is read as ever', async () => {
  const bad = arriving()
  bad.end(Buffer.of(0x7b, 0xff))
  await expect(readBody(bad)).rejects.toMatchObject({ status: 400 })
  const good = arriving()
  good.end('{}')
  expect(await readBody(good)).toBe('{}')
})
