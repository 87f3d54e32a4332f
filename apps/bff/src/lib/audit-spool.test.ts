import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { AuditSpool } from './audit-spool.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openward-spool-'))
})
afterEach(() => rm(folder, { recursive: true }))

const line = (id: string) => ({ organization: 'openward', event: { id } as never })

test('what was appended is in the file before append resolves', async () => {
  const spool = new AuditSpool(folder)
  await Promise.all(Array.from({ length: 50 }, (_, index) => spool.append(line(String(index)))))
  const [name = ''] = (await readdir(spool.folder)).filter((one) => one.endsWith('.ndjson'))
  const text = await readFile(join(spool.folder, name), 'utf8')
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((one) => JSON.parse(one).event.id),
  ).toEqual(Array.from({ length: 50 }, (_, index) => String(index)))
  await spool.close()
})

test('the file that is being written is not shipped, an ended one is', async () => {
  const spool = new AuditSpool(folder)
  await spool.append(line('1'))
  expect(await spool.listEnded()).toEqual([])
  await spool.rotate()
  expect(await spool.listEnded()).toHaveLength(1)
  await spool.append(line('2'))
  expect(await spool.listEnded()).toHaveLength(1)
  await spool.close()
})

test('every line acknowledged before kill -9 is found by the next process', async () => {
  const program = `
    import { AuditSpool } from ${JSON.stringify(new URL('audit-spool.ts', import.meta.url).href)}
    const spool = new AuditSpool(${JSON.stringify(folder)})
    for (let id = 0; ; id++) {
      await spool.append({ organization: 'openward', event: { id: String(id) } })
      process.stdout.write(id + '\\n')
    }`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (said.length > 2000) child.kill('SIGKILL')
  })
  await once(child, 'close')
  const acknowledged = said.slice(0, said.lastIndexOf('\n')).split('\n').length
  const [left = ''] = await new AuditSpool(folder).listEnded()
  const text = await readFile(left, 'utf8')
  const kept = text
    .slice(0, text.lastIndexOf('\n'))
    .split('\n')
    .map((one) => JSON.parse(one).event.id)
  expect(kept.length).toBeGreaterThanOrEqual(acknowledged)
  expect(kept.slice(0, acknowledged)).toEqual(
    Array.from({ length: acknowledged }, (_, index) => String(index)),
  )
})

test('the file of a living process is left alone, whatever its number says', async () => {
  const [first, second] = [new AuditSpool(folder), new AuditSpool(folder)]
  await first.append(line('1'))
  const [name = ''] = (await readdir(first.folder)).filter((one) => one.endsWith('.ndjson'))
  // Seen from another machine, or after its number was given to nobody.
  const elsewhere = name.replace(/^\d+/, '999999999')
  await rename(join(first.folder, name), join(first.folder, elsewhere))
  expect(await second.listEnded()).toEqual([])
  await first.append(line('2'))
  await first.close()
  const [ended = ''] = await second.listEnded()
  expect((await readFile(ended, 'utf8')).trimEnd().split('\n')).toHaveLength(2)
  await second.close()
})

test('the file of a dead process is shipped, also when its number is in use again', async () => {
  const spool = new AuditSpool(folder)
  for (const pid of [1, process.pid, process.ppid])
    await writeFile(join(spool.folder, `${pid}-${randomUUID()}-1.ndjson`), `${JSON.stringify(line('1'))}\n`)
  expect(await spool.listEnded()).toHaveLength(3)
  await spool.close()
})

test('a lock goes with its process, and old ones are swept', async () => {
  const spool = new AuditSpool(folder)
  const left = join(spool.folder, `${randomUUID()}.lock`)
  await writeFile(left, '')
  await utimes(left, 1, 1)
  const other = new AuditSpool(folder)
  expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.lock'))).toHaveLength(
    2,
  )
  await spool.close()
  await other.close()
  expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.lock'))).toEqual([])
})
