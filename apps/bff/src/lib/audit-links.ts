import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ChainLink } from './audit-chain.ts'
import type { SpoolLine } from './audit-spool.ts'

function folderOf(spoolFolder: string): string {
  return join(spoolFolder, 'chains')
}

/** Keeps the links of shipped lines, without their events, for as long as the audit trail is kept. */
export async function keepLinks(spoolFolder: string, lines: readonly SpoolLine[]): Promise<void> {
  await mkdir(folderOf(spoolFolder), { recursive: true, mode: 0o700 })
  for (const [chain, own] of Map.groupBy(lines, (line) => line.chain)) {
    const text = own.map(({ event: _event, ...link }) => `${JSON.stringify(link)}\n`).join('')
    const file = await open(join(folderOf(spoolFolder), `${chain}.ndjson`), 'a', 0o600)
    try {
      await file.appendFile(text)
      await file.datasync()
    } finally {
      await file.close()
    }
  }
}

/** The whole lines of a spool or of kept links; one that a killed process did not finish is left out. */
export function linesIn(text: string): SpoolLine[] {
  return text.split('\n').flatMap((line): SpoolLine[] => {
    try {
      const one: unknown = JSON.parse(line)
      const isLine = typeof one === 'object' && one !== null && 'organization' in one && 'chain' in one
      return isLine ? [one as SpoolLine] : []
    } catch {
      return []
    }
  })
}

/** What the audit folder knows: every chain in its order, and events that are not in the record yet, or that it refused. */
export type AuditFolder = {
  chains: Map<string, ChainLink[]>
  /** Ids of events that still wait to be shipped. */
  waiting: Set<string>
  /** Ids of events that the record did not take; they are kept beside the spool. */
  refused: Set<string>
}

/** Reads the kept links and what is still in the spool. A link that two processes kept counts once. */
export async function readAuditFolder(spoolFolder: string): Promise<AuditFolder> {
  const links = new Map<string, Map<string, ChainLink>>()
  const [waiting, refused] = [new Set<string>(), new Set<string>()]
  const read = async (path: string, withEvents?: Set<string>) => {
    for (const { event, ...link } of linesIn(await readFile(path, 'utf8'))) {
      if (event !== undefined) withEvents?.add(link.id)
      const own = links.get(link.chain) ?? new Map<string, ChainLink>()
      own.set(JSON.stringify(link), link)
      links.set(link.chain, own)
    }
  }
  for (const name of await readdir(spoolFolder)) {
    if (name.endsWith('.ndjson')) await read(join(spoolFolder, name), waiting)
    else if (name.endsWith('.refused')) await read(join(spoolFolder, name), refused)
  }
  const kept = await readdir(folderOf(spoolFolder)).catch(() => [])
  for (const name of kept) await read(join(folderOf(spoolFolder), name))
  const chains = new Map(
    [...links].map(([chain, own]) => [chain, [...own.values()].toSorted((a, b) => a.n - b.n)]),
  )
  return { chains, waiting, refused }
}
