import { get as getPlainly } from 'node:http'
import { get as getSecurely } from 'node:https'

import type { Server } from './record-servers.ts'

const PATIENCE_MS = 120_000
const LOOK_AGAIN_MS = 20

/** A whole bulk export, from asking for it until the last line has arrived: resources per second; undefined where there is none. */
export async function exportPerSecond(server: Server): Promise<number | undefined> {
  const startedAt = performance.now()
  const asked = await fetch(`${server.url.href}/$export`, {
    headers: { ...server.headers, accept: 'application/fhir+json', prefer: 'respond-async' },
  })
  await asked.arrayBuffer()
  const place = asked.headers.get('content-location')
  if (asked.status !== 202 || place === null) return undefined
  const files = await filesAt(new URL(place, server.url), server)
  let lines = 0
  for (const { url } of files) {
    lines += await linesAt(new URL(url, server.url), server)
  }
  return lines / ((performance.now() - startedAt) / 1000)
}

function linesAt(url: URL, { headers }: Server): Promise<number> {
  const get = url.protocol === 'https:' ? getSecurely : getPlainly
  return new Promise((resolve, reject) => {
    get(url, { headers }, (answer) => {
      let lines = 0
      answer.on('data', (bytes: Buffer) => {
        for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1
      })
      answer.on('end', () => resolve(lines))
      answer.on('error', reject)
    }).on('error', reject)
  })
}

async function filesAt(place: URL, server: Server): Promise<{ url: string }[]> {
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    const answer = await fetch(place, { headers: server.headers })
    const text = await answer.text()
    if (answer.status === 200) return (JSON.parse(text) as { output: { url: string }[] }).output
    if (answer.status !== 202) break
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  throw new Error('The export did not come to its end')
}
