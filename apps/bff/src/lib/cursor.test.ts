import fc from 'fast-check'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

import { createCursorSeal, type Page } from './cursor.ts'

const folder = mkdtempSync(join(tmpdir(), 'openward-cursor-'))
afterAll(() => rmSync(folder, { recursive: true }))

const owner = { issuer: 'i', subject: 's', organization: 'openward', path: 'Observation' }
const page: Page = {
  next: 'Observation?_page=2',
  parameters: [['code', 'x']],
  added: [['patient', 'Patient/a']],
}
const { seal, open } = createCursorSeal({ FHIR_TOKEN: 'a shared secret', OPENWARD_DATA: folder })

test('a page link opens for the one who got it, in any process that shares the secret', () => {
  const other = createCursorSeal({ FHIR_TOKEN: 'a shared secret', OPENWARD_DATA: folder })
  expect(other.open(seal(page, owner), owner)).toEqual(page)
})

test.each([{ subject: 't' }, { issuer: 'j' }, { organization: 'lakeside' }, { path: 'Patient' }])(
  'a page link does not open for %j',
  (change) => {
    expect(() => open(seal(page, owner), { ...owner, ...change })).toThrow(
      expect.objectContaining({ status: 400 }),
    )
  },
)

test('a page link tells nothing of what it holds', () => {
  expect(Buffer.from(seal(page, owner), 'base64url').toString('latin1')).not.toContain('Patient')
})

test('a page link of which any byte is changed does not open, and no text opens by chance', () => {
  const sealed = Buffer.from(seal(page, owner), 'base64url')
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const forged = Buffer.from(sealed)
      forged[at] = (forged[at] ?? 0) ^ by
      expect(() => open(forged.toString('base64url'), owner)).toThrow(
        expect.objectContaining({ status: 400 }),
      )
    }),
  )
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => open(text, owner)).toThrow(expect.objectContaining({ status: 400 }))
    }),
  )
})

test('without a shared secret one is made once, for the owner of the folder only', () => {
  const first = createCursorSeal({ FHIR_TOKEN: undefined, OPENWARD_DATA: folder })
  const second = createCursorSeal({ FHIR_TOKEN: undefined, OPENWARD_DATA: folder })
  expect(second.open(first.seal(page, owner), owner)).toEqual(page)
  expect(statSync(join(folder, 'page-secret')).mode & 0o777).toBe(0o600)
})
