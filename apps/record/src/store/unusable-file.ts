/** A data file that must not be used; the message is one sentence for the person who starts the server. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile'
}

/** What went wrong with the file, in one sentence. */
export function explain(error: unknown, file: string): UnusableFile {
  if (error instanceof UnusableFile) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const text = error instanceof Error ? error.message : ''
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || /readonly|unable to open/.test(text)) {
    return new UnusableFile(`The data file ${file} cannot be written; check the permissions of its folder.`)
  }
  if (code === 'ENOSPC' || /disk is full/.test(text))
    return new UnusableFile(`The disk that holds ${file} is full.`)
  if (/not a database|malformed|disk image/.test(text)) return damaged(file)
  if (/locked/.test(text)) return inUse(file)
  return new UnusableFile(`The data file ${file} cannot be opened (${text}).`)
}

export function damaged(file: string): UnusableFile {
  return new UnusableFile(`The data file ${file} is damaged; it was left untouched.`)
}

export function inUse(file: string): UnusableFile {
  return new UnusableFile(`The data file ${file} is in use by another process.`)
}
