import { DEMO_ACCOUNTS } from '@openward/population/accounts'
import { signIn } from './sign-in.ts'
import { readSettings } from './system/env.ts'
import { Failure, runCommand } from './system/failure.ts'

/** Prints an access token of a demo account and nothing else: `npm run --silent token -- clinician`. */
async function main(): Promise<void> {
  const username = process.argv[2]
  if (!username) {
    const names = DEMO_ACCOUNTS.map((account) => account.username).join(', ')
    throw new Failure(`Say whose token: npm run token -- <account>\nAccounts: ${names}`)
  }
  const { PORT: port } = readSettings()
  const { accessToken } = await signIn({ origin: `http://localhost:${port}`, username })
  process.stdout.write(`${accessToken}\n`)
}

await runCommand(main)
