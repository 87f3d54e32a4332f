import fc from 'fast-check'
import { expect, test } from 'vitest'

import { readTar, type TarMember } from './tar.ts'

function header(path: string, size: number, kind = '0'): Buffer {
  const block = Buffer.alloc(512)
  block.write(path.slice(0, 100), 0)
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  block.write(kind, 156)
  block.write('ustar', 257)
  return block
}

function member(path: string, content: string, kind = '0'): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([
    header(path, bytes.length, kind),
    bytes,
    Buffer.alloc((512 - (bytes.length % 512)) % 512),
  ])
}

const END = Buffer.alloc(1024)

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

async function all(bytes: Buffer, chunk = 700, maxBytes = 10_000): Promise<TarMember[]> {
  const members: TarMember[] = []
  for await (const one of readTar(inChunks(bytes, chunk), maxBytes)) members.push(one)
  return members
}

test('files come in order with their content, whatever the chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ maxLength: 900 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 3_000 }),
      async (contents, chunk) => {
        const archive = Buffer.concat([...contents.map((text, index) => member(`f${index}.json`, text)), END])
        const read = await all(archive, chunk)
        expect(read.map(({ content }) => content?.toString())).toEqual(
          contents.map((text) => Buffer.from(text).toString()),
        )
      },
    ),
  )
})

test('long names come from pax and GNU headers', async () => {
  const long = `${'a'.repeat(150)}.json`
  const record = ` path=${long}\n`
  const pax = `${record.length + 3}${record}`
  const archive = Buffer.concat([
    member('pax', pax, 'x'),
    member('cut', '{}'),
    member('././@LongLink', `${long}\0`, 'L'),
    member('cut', '[]'),
    END,
  ])
  expect((await all(archive)).map(({ path }) => path)).toEqual([long, long])
})

test('folders and links are passed over, and a file that is too large comes without content', async () => {
  const archive = Buffer.concat([
    member('folder/', '', '5'),
    member('link', '', '2'),
    member('large.json', 'x'.repeat(5_000)),
    member('small.json', '{}'),
    END,
  ])
  const read = await all(archive, 512, 1_000)
  expect(read.map(({ path, content }) => [path, content?.toString()])).toEqual([
    ['large.json', undefined],
    ['small.json', '{}'],
  ])
})

test.each([
  ['something else', Buffer.from('{"resourceType":"Patient"}'.repeat(40))],
  ['a truncated file', Buffer.concat([header('a.json', 4_000), Buffer.from('{')])],
  ['a negative size', Buffer.concat([header('a.json', 0).fill('-1', 124, 126), END])],
])('%s is told as an error', async (_, bytes) => {
  await expect(all(bytes)).rejects.toThrow(/tar archive|ends in the middle/)
})

test('no bytes whatever do anything but end or fail with a sentence', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
      const outcome = await all(Buffer.from(bytes)).then(
        () => 'It ends.',
        (error: unknown) => (error as Error).message,
      )
      expect(outcome).toMatch(/\.$/)
    }),
  )
})
