import path from 'node:path'
import { openForReading, readParameterNumbers } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { Writer } from '../writer/client.ts'

/** One organisation's record: its file, a connection for reading and the one writer. */
export interface Organization {
  name: string
  reader: Store
  writer: Writer
  close: () => Promise<void>
}

export async function openOrganization(
  name: string,
  dataFolder: string,
  origin: string,
): Promise<Organization> {
  const file = path.join(dataFolder, 'record', `${name}.sqlite`)
  const base = `${origin}/${name}`
  const writer = await Writer.start({ file, base })
  const db = openForReading(file)
  return {
    name,
    reader: { db, numbers: readParameterNumbers(db), base },
    writer,
    close: async () => {
      await writer.stop()
      db.close()
    },
  }
}
