import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { type Role, ROLES } from '@openward/access'
import { DEMO_ACCOUNTS } from '@openward/population/accounts'

export type Account = {
  sub: string
  username: string
  name: string
  roles: Role[]
  organization: string
  fhirUser: string
}

export type Accounts = {
  /** The account behind a user name and password; undefined says nothing about which of them was wrong. */
  check: (username: string, password: string) => Account | undefined
  bySub: (sub: string) => Account | undefined
}

const PASSWORD = 'demo'
const FHIR_USER = /^(Patient|Practitioner|Person)\/[A-Za-z0-9\-.]{1,64}$/
const TEST_ACCOUNT = /^([a-z-]+)~([^~]+)~([a-z0-9-]{1,64})$/
const TEST_SUB = 'test.'

function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** `<role>~<fhirUser>~<organization>`: one account for every seeded person, in test mode only. */
function testAccount(username: string): Account | undefined {
  const [, roleText, fhirUser, organization] = TEST_ACCOUNT.exec(username) ?? []
  const role = ROLES.find((known) => known === roleText)
  if (!role || !fhirUser || !organization || !FHIR_USER.test(fhirUser)) return undefined
  const sub = `${TEST_SUB}${Buffer.from(username).toString('base64url')}`
  return {
    sub,
    username,
    name: `Test ${role} ${fhirUser.split('/')[1]}`,
    roles: [role],
    organization,
    fhirUser,
  }
}

/** Reads links.json (which record a demo person is tied to) again whenever the file changes. */
function linkReader(path: string, log: Logger): (username: string) => string | undefined {
  let readAt = -1
  let links: Record<string, unknown> = {}
  return (username) => {
    const modifiedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    if (modifiedAt === undefined) return undefined
    if (modifiedAt !== readAt) {
      try {
        links = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
        readAt = modifiedAt
      } catch (error) {
        // perhaps half written: the links known before still hold, and the next sign-in reads again
        log.warn({ err: error }, 'links.json cannot be read')
      }
    }
    const link = Object.hasOwn(links, username) ? (links[username] as { fhirUser?: unknown } | null) : null
    return typeof link?.fhirUser === 'string' && FHIR_USER.test(link.fhirUser) ? link.fhirUser : undefined
  }
}

export function createAccounts(options: {
  dataFolder: string
  hasTestAccounts: boolean
  log: Logger
}): Accounts {
  const linkOf = linkReader(join(options.dataFolder, 'links.json'), options.log)

  function find(username: string): Account | undefined {
    const known = DEMO_ACCOUNTS.find((candidate) => candidate.username === username.toLowerCase())
    if (!known) return options.hasTestAccounts ? testAccount(username) : undefined
    const { sub, name, roles, organization } = known
    return {
      sub,
      name,
      roles,
      organization,
      username: known.username,
      fhirUser: linkOf(known.username) ?? known.fhirUser,
    }
  }

  function bySub(sub: string): Account | undefined {
    const known = DEMO_ACCOUNTS.find((candidate) => candidate.sub === sub)
    if (known) return find(known.username)
    if (!sub.startsWith(TEST_SUB)) return undefined
    const account = find(Buffer.from(sub.slice(TEST_SUB.length), 'base64url').toString())
    return account?.sub === sub ? account : undefined
  }

  return {
    check(username, password) {
      // the password is compared for unknown names too, so that both take the same time
      const isRight = isSame(password, PASSWORD)
      const account = find(username.trim())
      return isRight ? account : undefined
    },
    bySub,
  }
}
