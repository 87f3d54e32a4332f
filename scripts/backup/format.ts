import { z } from 'zod'

/** What a backup is: a tar archive whose last file says what the others must be. */
export const FORMAT_VERSION = 1
export const MANIFEST = 'openward-backup.json'
/** The hash of that list, as `sha256sum --check` reads it. */
export const MANIFEST_HASH = 'openward-backup.sha256'

export function manifestHashLine(sha256: string): string {
  return `${sha256}  ${MANIFEST}\n`
}

/** Beside the record only what cannot be made again: who is linked to whom, what was loaded, audit events on their way. */
const RECORD_FILE = /^record\/([a-z][a-z0-9-]{0,62})\.sqlite$/
const OTHER_FILE =
  /^(?:links\.json|population\.json|audit\/(?:chains\/)?[A-Za-z0-9-]{1,64}\.ndjson(?:\.refused)?)$/

/** The organization of a record file; undefined for anything else. */
export function organizationOf(name: string): string | undefined {
  return RECORD_FILE.exec(name)?.[1]
}

export function isOtherFile(name: string): boolean {
  return OTHER_FILE.test(name)
}

const contentSchema = z.object({
  schemaVersion: z.number().int(),
  /** Living resources by type. */
  resources: z.record(z.string(), z.number()),
  deleted: z.number(),
  /** All versions, deletions too. */
  versions: z.number(),
  lastSeq: z.number(),
  /** Of every version's key and body, in order. */
  bodiesSha256: z.string(),
})

/** What one record holds, so that two can be compared. */
export type Content = z.infer<typeof contentSchema>

const fileSchema = z.object({
  name: z.string().refine((name) => organizationOf(name) !== undefined || isOtherFile(name)),
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  content: contentSchema.optional(),
})

export type BackupFile = z.infer<typeof fileSchema>

export const manifestSchema = z.object({
  format: z.literal('openward-backup'),
  version: z.literal(FORMAT_VERSION),
  at: z.iso.datetime(),
  files: z.array(fileSchema).min(1),
})

export type Manifest = z.infer<typeof manifestSchema>

/** Of any version, to tell a newer backup from something else. */
export const anyVersionSchema = z.object({ format: z.literal('openward-backup'), version: z.number() })

export function totalOf(content: Content): number {
  return Object.values(content.resources).reduce((sum, count) => sum + count, 0)
}
