import { setTimeout as pause } from 'node:timers/promises'

import { at, CLINIC_KEYS, clinicContent, type ClinicKey } from './clinic.data.ts'
import { expectStatus, put, search, sendTransaction } from './check.ts'
import type { Stored, TestedServer } from './server.ts'

const INDEX_WAIT_MS = 30_000

/** A small clinic, all of its own: every search over it is narrowed to it by an id, a reference or a code of this run. */
export type Clinic = { run: string; ids: Record<ClinicKey, string>; at: (time: string) => string }

/** Until a search finds the last of it: whether it is found at once is a check of its own. */
async function untilIndexed(server: TestedServer, { ids }: Clinic): Promise<void> {
  const untilMs = Date.now() + INDEX_WAIT_MS
  while (Date.now() < untilMs) {
    const found = await search(server, 'Condition', `_id=${ids.condition}`).catch(() => undefined)
    // a search that fails is told by its own check
    if (found === undefined || found.matches.length > 0) return
    await pause(250)
  }
}

const made = new WeakMap<TestedServer, Promise<Clinic>>()

async function build(server: TestedServer): Promise<Clinic> {
  const ids = Object.fromEntries(CLINIC_KEYS.map((key) => [key, server.newId()])) as Clinic['ids']
  const { run } = server
  const parts = clinicContent(run, ids)
  const reply = await sendTransaction(
    server,
    parts.map(({ key, ...resource }) => put({ ...resource, id: ids[key] } as Stored)),
  )
  expectStatus(reply, [200], 'Storing what the searches look for')
  const clinic = { run, ids, at }
  await untilIndexed(server, clinic)
  return clinic
}

/** The clinic of this run, made when the first check asks for it. */
export function clinicOf(server: TestedServer): Promise<Clinic> {
  const known = made.get(server) ?? build(server)
  made.set(server, known)
  return known
}
