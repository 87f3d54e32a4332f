import type { IncomingMessage } from 'node:http'

import { expect, test } from 'vitest'

import { themeOf } from './theme.ts'

test.each([
  ['theme=dark', 'dark'],
  ['locale=es; theme=light', 'light'],
  ['theme=system', undefined],
  ['theme="><script>', undefined],
  ['mytheme=dark', undefined],
  [undefined, undefined],
])('sign-in wears the theme chosen in a portal, and nothing else (%s)', (cookie, theme) => {
  expect(themeOf({ headers: { cookie } } as IncomingMessage)).toBe(theme)
})
