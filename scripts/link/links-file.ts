import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

import { Failure } from '../system/failure.ts'

const schema = z.record(z.string(), z.object({ fhirUser: z.string() }))

function read(path: string): z.infer<typeof schema> {
  if (!existsSync(path)) return {}
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    throw new Failure(`${path} is damaged. Delete it to undo every link, or repair it.`)
  }
}

/** Ties an account to a person, or to nobody but its own when `fhirUser` is undefined. The file is never half written. */
export function setLink(folder: string, username: string, fhirUser: string | undefined): void {
  const path = join(folder, 'links.json')
  const { [username]: _before, ...others } = read(path)
  const links = fhirUser === undefined ? others : { ...others, [username]: { fhirUser } }
  const partial = `${path}.partial`
  writeFileSync(partial, `${JSON.stringify(links, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(partial, path)
}
