import { expect, test } from 'vitest'
import english from '../messages/en.json' with { type: 'json' }
import spanish from '../messages/es.json' with { type: 'json' }
import { pickLocale } from './language.ts'
import { readTheme, savePreference } from './preferences.ts'

function post(body: Record<string, string>, headers: Record<string, string> = {}) {
  return savePreference(
    new Request('http://localhost/patient/preferences', {
      method: 'POST',
      body: new URLSearchParams(body),
      headers,
    }),
    '/patient',
  )
}

test.each([
  ['es', 'en', 'es'],
  [undefined, 'es-MX,es;q=0.9,en;q=0.8', 'es'],
  [undefined, 'fr-CA, en;q=0.5, es;q=0.7', 'es'],
  [undefined, 'es;q=0, en', 'en'],
  [undefined, 'de', 'en'],
  [undefined, null, 'en'],
  ['../../etc', 'es', 'es'],
  [undefined, ';;q=x,,,', 'en'],
])('with the cookie %j and Accept-Language %j the language is %s', (cookie, header, locale) => {
  expect(pickLocale(cookie, header)).toBe(locale)
})

test('a choice is kept for all portals and leads back to the page it came from', async () => {
  const answer = await post({ locale: 'es' }, { referer: 'http://localhost/patient/visits?tab=past' })
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe('/patient/visits?tab=past')
  expect(answer.headers.get('set-cookie')).toMatch(/^locale=es; Path=\/; Max-Age=\d+; SameSite=Lax$/)
})

test('the way back never leaves the portal', async () => {
  for (const referer of [
    'https://evil.example/',
    'not a url',
    'https://evil.example//patient.evil',
    'http://localhost/patient-evil',
  ])
    expect((await post({ theme: 'dark' }, { referer })).headers.get('location')).toBe('/patient')
})

test('over https the cookie is kept to https', async () => {
  const answer = await post({ theme: 'dark' }, { 'x-forwarded-proto': 'https' })
  expect(answer.headers.get('set-cookie')).toContain('; Secure')
})

test('an unknown choice is refused, and so is a form on another site', async () => {
  expect((await post({ locale: 'xx; Path=/' })).status).toBe(400)
  expect((await post({})).status).toBe(400)
  expect((await post({ locale: 'es' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  const noForm = new Request('http://localhost/patient/preferences', {
    method: 'POST',
    body: '{',
    headers: { 'content-type': 'application/json' },
  })
  expect((await savePreference(noForm, '/patient')).status).toBe(400)
})

test('a theme that is not ours follows the system', () => {
  expect(readTheme('dark')).toBe('dark')
  expect(readTheme('neon')).toBe('system')
  expect(readTheme(undefined)).toBe('system')
})

function keys(words: object, path = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? keys(value, `${path}${key}.`) : [`${path}${key}`],
  )
}

test('every word exists in English and in Spanish', () => {
  expect(keys(spanish).toSorted()).toEqual(keys(english).toSorted())
})
