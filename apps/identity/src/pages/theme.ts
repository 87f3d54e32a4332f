import type { IncomingMessage } from 'node:http'

export type Theme = 'light' | 'dark'

/** The theme chosen in a portal: the cookie `theme`, which all portals share; undefined follows the system. */
export function themeOf(request: IncomingMessage): Theme | undefined {
  const named = /(?:^|;\s*)theme=(light|dark)(?:;|$)/.exec(request.headers.cookie ?? '')?.[1]
  return named === 'light' || named === 'dark' ? named : undefined
}
