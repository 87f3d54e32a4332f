import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Env } from '#/env.ts'
import { badRequest } from './refusal.ts'

/** What a page link stands for: where the record goes on, and the question it belongs to. */
export type Page = {
  /** Address relative to the FHIR base. */
  next: string
  /** The parameters as the caller asked them; decided anew for every page. */
  parameters: [string, string][]
  /** What access added then; the page is refused when it would add something else now. */
  added: [string, string][]
}

type Owner = { issuer: string; subject: string; organization: string; path: string }

/** Seals page links, so that they can be neither read, edited, nor used by someone else. */
export type CursorSeal = {
  seal: (page: Page, owner: Owner) => string
  open: (cursor: string, owner: Owner) => Page
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

function ownSecret(folder: string): string {
  const path = join(folder, 'page-secret')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFileSync(path, 'utf8')
}

function boundTo({ issuer, subject, organization, path }: Owner): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([issuer, subject, organization, path]))
    .digest()
}

/** The key is derived from the record's secret, which all processes share; without one it is kept in the data folder. */
export function createCursorSeal(env: Pick<Env, 'FHIR_TOKEN' | 'OPENWARD_DATA'>): CursorSeal {
  const secret = env.FHIR_TOKEN ?? ownSecret(env.OPENWARD_DATA)
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'openward page cursor', 32))
  function seal(page: Page, owner: Owner): string {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(owner))
    const sealed = Buffer.concat([cipher.update(JSON.stringify(page), 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
  }
  function open(cursor: string, owner: Owner): Page {
    const bytes = Buffer.from(cursor, 'base64url')
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(boundTo(owner)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
      return JSON.parse(text.toString('utf8')) as Page
    } catch {
      throw badRequest('This page link is not valid for you; search again', '_cursor')
    }
  }
  return { seal, open }
}
