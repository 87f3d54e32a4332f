import { DEMO_ACCOUNTS } from '@openward/population/accounts'
import { signIn, SignInFailure } from './sign-in.ts'

/** Prints an access token for a demo account: `npm run token -- clinician`. */
async function main(): Promise<number> {
  const username = process.argv[2]
  if (!username) {
    const names = DEMO_ACCOUNTS.map((account) => account.username).join(', ')
    process.stderr.write(`Say whose token: npm run token -- <account>\nAccounts: ${names}\n`)
    return 2
  }
  const port = process.env.PORT ?? '3000'
  if (!/^\d{1,5}$/.test(port)) {
    process.stderr.write(`PORT must be a number, not "${port}".\n`)
    return 2
  }
  try {
    const { accessToken } = await signIn({ origin: `http://localhost:${port}`, username })
    process.stdout.write(`${accessToken}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof SignInFailure)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}

process.exitCode = await main()
