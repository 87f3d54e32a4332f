import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Line, linesOf } from './lines.ts'

async function linesIn(bytes: Buffer, sizes: number[]): Promise<Line[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    let at = 0
    for (let turn = 0; at < bytes.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1
      yield bytes.subarray(at, at + size)
      at += size
    }
  }
  const lines: Line[] = []
  for await (const line of linesOf(chunks())) lines.push(line)
  return lines
}

test('a text is cut into its lines wherever the pieces of the stream end, also inside a letter', async () => {
  const text = fc.array(
    fc.string({ unit: 'binary', maxLength: 8 }).map((one) => one.replaceAll(/[\n\r]/g, '')),
    { maxLength: 6 },
  )
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 })
  await fc.assert(
    fc.asyncProperty(
      text,
      sizes,
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (list, pieces, end, isOpen) => {
        const bytes = Buffer.from(list.join(end) + (isOpen ? '' : end))
        const plain = bytes.toString('utf8').split('\n')
        const expected = plain.flatMap((one, at) => {
          const trimmed = one.replace(/^\uFEFF/, '').trim()
          return trimmed === '' ? [] : [{ number: at + 1, text: trimmed, refusal: undefined }]
        })
        expect(await linesIn(bytes, pieces)).toEqual(expected)
      },
    ),
  )
})

test('a line that is too long or no text is told by its number, and those after it are whole', async () => {
  const long = Buffer.alloc(21 * 1024 * 1024, 'x')
  const bytes = Buffer.concat([
    Buffer.from('first\n'),
    long,
    Buffer.from('\nsecond\n\xff\xfe\n', 'latin1'),
    Buffer.from('third'),
  ])
  const lines = await linesIn(bytes, [1_000_000])
  expect(lines.map(({ number, text, refusal }) => [number, text ?? refusal])).toEqual([
    [1, 'first'],
    [2, 'A line may have at most 20 MB.'],
    [3, 'second'],
    [4, 'The line is not valid UTF-8.'],
    [5, 'third'],
  ])
})
