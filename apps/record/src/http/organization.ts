import path from 'node:path'
import type { Logger } from 'pino'
import { startImport } from '../bulk/import-task.ts'
import { Jobs } from '../bulk/jobs.ts'
import { startExport } from '../bulk/task.ts'
import { Counter } from '../people/counter.ts'
import { checkLater } from '../store/check-later.ts'
import { isLarge } from '../store/inspect.ts'
import { openForReading, readParameterNumbers } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { Writer } from '../writer/client.ts'

/** A large file is checked when the start and what waited for it are over. */
const CHECK_AFTER_MS = 5000

/** One organisation's record: its file, a connection for reading and the one writer. */
export interface Organization {
  name: string
  reader: Store
  writer: Writer
  /** Exports and imports. */
  jobs: Jobs
  counter: Counter
  close: () => Promise<void>
}

export async function openOrganization(
  name: string,
  dataFolder: string,
  origin: string,
  log: Logger,
): Promise<Organization> {
  const file = path.join(dataFolder, 'record', `${name}.sqlite`)
  const base = `${origin}/${name}`
  const writer = await Writer.start({ file, base }, log)
  const check = isLarge(file)
    ? checkLater(file, CHECK_AFTER_MS, (isGood) => {
        if (!isGood) writer.events.emit('failed', 'damaged')
      })
    : undefined
  const db = openForReading(file)
  const counter = new Counter({ file, base })
  const jobs = new Jobs({
    folder: path.join(dataFolder, 'jobs', name),
    log,
    begin: ({ work }, folder) =>
      work.kind === 'import'
        ? startImport(folder, writer)
        : startExport({ file, base, folder, question: work.question }),
  })
  return {
    name,
    reader: { db, numbers: readParameterNumbers(db), base },
    writer,
    jobs,
    counter,
    close: async () => {
      check?.stop()
      await jobs.stop()
      await counter.stop()
      // The writer closes last: only then does SQLite take the log into the file.
      db.close()
      await writer.stop()
    },
  }
}
