/** A reason to stop that a person can act on: printed as one sentence, without a stack. */
export class Failure extends Error {
  override readonly name = 'Failure'
}

/** Runs a command's main function; a `Failure` ends it with its sentence and exit code 1. */
export async function runCommand(main: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    process.stderr.write(error instanceof Failure ? `${error.message}\n` : `${(error as Error).stack}\n`)
    process.exitCode = 1
  }
}
