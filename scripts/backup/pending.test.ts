import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

import { decide, endInterruptedRestore, type Move } from './pending.ts'

const MOVES: Move[] = [
  { from: 'record/a.sqlite', to: 'before/record/a.sqlite' },
  { from: 'record/a.sqlite-wal', to: 'before/record/a.sqlite-wal' },
  { from: 'links.json', to: 'before/links.json' },
  { from: 'restore-staging/record/a.sqlite', to: 'record/a.sqlite' },
  { from: 'restore-staging/record/b.sqlite', to: 'record/b.sqlite' },
  { from: 'restore-staging/links.json', to: 'links.json' },
]
const OLD = ['record/a.sqlite', 'record/a.sqlite-wal', 'links.json']
const NEW = ['record/a.sqlite', 'record/b.sqlite', 'links.json']

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

test.each(MOVES.map((_move, at) => at).concat(MOVES.length))(
  'a restore that was cut off after %i of its moves ends with every new file in place and every old one aside',
  (moved) => {
    const folder = mkdtempSync(join(tmpdir(), 'openward-pending-'))
    for (const name of OLD) write(join(folder, name), `old ${name}`)
    for (const name of NEW) write(join(folder, 'restore-staging', name), `new ${name}`)
    decide(folder, MOVES)
    for (const { from, to } of MOVES.slice(0, moved)) {
      mkdirSync(dirname(join(folder, to)), { recursive: true })
      renameSync(join(folder, from), join(folder, to))
    }
    endInterruptedRestore(folder)
    endInterruptedRestore(folder)
    for (const name of OLD) expect(readFileSync(join(folder, 'before', name), 'utf8')).toBe(`old ${name}`)
    for (const name of NEW) expect(readFileSync(join(folder, name), 'utf8')).toBe(`new ${name}`)
    expect(existsSync(join(folder, 'record/a.sqlite-wal'))).toBe(false)
    expect(existsSync(join(folder, 'restore-staging'))).toBe(false)
    rmSync(folder, { recursive: true })
  },
)
