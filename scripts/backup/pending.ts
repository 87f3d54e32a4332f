import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

import { takeLock } from '../../apps/record/src/store/lock.ts'
import { Failure } from '../system/failure.ts'

/** While this file is there, a restore has been decided and not every file is in its place yet. */
const PENDING = 'restore.json'
const schema = z.object({ moves: z.array(z.object({ from: z.string(), to: z.string() })) })

export type Move = z.infer<typeof schema>['moves'][number]

/** Held by whoever restores. */
export const RESTORE_LOCK = 'restore'

/** Where the files of a backup wait until all of them are checked. */
export const STAGING = 'restore-staging'

function syncFolder(path: string): void {
  const fd = openSync(path, 'r')
  fsyncSync(fd)
  closeSync(fd)
}

/** The moment at which a restore takes effect. Paths are relative to the data folder. */
export function decide(dataFolder: string, moves: Move[]): void {
  const partial = join(dataFolder, `${PENDING}.partial`)
  writeFileSync(partial, JSON.stringify({ moves }), { mode: 0o600, flush: true })
  renameSync(partial, join(dataFolder, PENDING))
  syncFolder(dataFolder)
}

/** Brings a restore that was decided, and perhaps interrupted, to its end. */
export function finishRestore(dataFolder: string): void {
  const path = join(dataFolder, PENDING)
  const { moves } = read(path)
  for (const { from, to } of moves) {
    const source = join(dataFolder, from)
    const target = join(dataFolder, to)
    // What was moved before the interruption is at its target already.
    if (existsSync(target) || !existsSync(source)) continue
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    renameSync(source, target)
    syncFolder(dirname(target))
    syncFolder(dirname(source))
  }
  rmSync(path)
  rmSync(join(dataFolder, STAGING), { recursive: true, force: true })
  syncFolder(dataFolder)
}

/** For commands that use the data folder: ends a restore that was killed, or takes away what it had unpacked. */
export function endInterruptedRestore(dataFolder: string): void {
  if (!existsSync(join(dataFolder, PENDING)) && !existsSync(join(dataFolder, STAGING))) return
  const lock = takeLock(join(dataFolder, RESTORE_LOCK), 0)
  if (!lock) throw new Failure(`A restore into ${dataFolder} is running. Wait until it is done.`)
  try {
    if (existsSync(join(dataFolder, PENDING))) finishRestore(dataFolder)
    rmSync(join(dataFolder, STAGING), { recursive: true, force: true })
  } finally {
    lock.release()
  }
}

function read(path: string): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    throw new Failure(
      `${path} is damaged: it says which files a restore that was interrupted has still to move.`,
    )
  }
}
