/** What identity reads from its environment, checked once at start. */
export type Env = {
  port: number
  /** Public address of this provider, without a trailing slash: `http://localhost:3000/identity`. */
  issuer: string
  /** Origin of the portals; redirect addresses are built from it. */
  publicOrigin: string
  dataFolder: string
  hasTestAccounts: boolean
  accessTokenSeconds: number
  logLevel: string
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`${name} must be a whole number from ${least} to ${most}, not "${text}"`)
  }
  return value
}

function webAddress(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash || url.username) {
    throw new Error(`${name} must be an http or https address without query, not "${text}"`)
  }
  return url
}

/** Reads and checks the settings; throws an error that names the wrong one. */
export function readEnv(env: Record<string, string | undefined> = process.env): Env {
  const publicOrigin = webAddress('PUBLIC_ORIGIN', env.PUBLIC_ORIGIN ?? 'http://localhost:3000')
  if (publicOrigin.pathname !== '/') throw new Error('PUBLIC_ORIGIN must be an origin, without a path')
  const issuer = webAddress('ISSUER', env.ISSUER ?? `${publicOrigin.origin}/identity`)
  const testAccounts = env.OPENWARD_TEST_ACCOUNTS ?? '0'
  if (!['', '0', '1'].includes(testAccounts)) throw new Error('OPENWARD_TEST_ACCOUNTS must be 0 or 1')
  const logLevel = env.LOG_LEVEL ?? 'info'
  if (!LOG_LEVELS.includes(logLevel)) throw new Error(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`)
  return {
    port: wholeNumber('IDENTITY_PORT', env.IDENTITY_PORT ?? '3400', 0, 65_535),
    issuer: `${issuer.origin}${issuer.pathname.replace(/\/+$/, '')}`,
    publicOrigin: publicOrigin.origin,
    dataFolder: env.OPENWARD_DATA ?? '.data',
    hasTestAccounts: testAccounts === '1',
    accessTokenSeconds: wholeNumber('ACCESS_TOKEN_SECONDS', env.ACCESS_TOKEN_SECONDS ?? '900', 10, 86_400),
    logLevel,
  }
}
