import { gzipSync } from 'node:zlib'

import { atMost, type Bench, type Figure } from './bench.ts'

const KB = 1024

async function scriptsOf(page: string): Promise<number> {
  const html = await (await fetch(page)).text()
  const sources = new Set([...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map((match) => match[1]))
  if (sources.size === 0) throw new Error(`No script found on ${page}`)
  const sizes = await Promise.all(
    [...sources].map(async (source) => {
      const response = await fetch(new URL(source ?? '', page))
      return gzipSync(Buffer.from(await response.arrayBuffer()), { level: 6 }).byteLength
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0) / KB
}

/** JavaScript that a page's own HTML loads, gzipped; what is loaded later on demand is not counted. */
export const bench: Bench = {
  name: 'javascript',
  what: 'JavaScript over the wire when a page opens (gzip)',
  async run({ system }) {
    const { origin } = await system({ withPortals: true })
    const landing = await scriptsOf(`${origin}/patient`)
    const signedIn = await scriptsOf(`${origin}/patient/home`)
    const control = { what: 'landing', value: landing }
    const figures: Figure[] = [
      atMost('patient landing', landing, 150, 'KB'),
      atMost('patient home, signed in', signedIn, 300, 'KB', control),
    ]
    return figures
  },
}
