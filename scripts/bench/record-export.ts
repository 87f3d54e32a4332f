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
    const { body } = await fetch(new URL(url, server.url), { headers: server.headers })
    for await (const bytes of body ?? []) for (const byte of bytes) if (byte === 10) lines += 1
  }
  return lines / ((performance.now() - startedAt) / 1000)
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
