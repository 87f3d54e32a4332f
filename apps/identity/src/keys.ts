import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, type JWK } from 'jose'

export type Keys = { jwks: { keys: JWK[] }; cookieKeys: string[] }

function isKeys(value: unknown): value is Keys {
  if (typeof value !== 'object' || value === null) return false
  const { jwks, cookieKeys } = value as Partial<Keys>
  return (
    Array.isArray(jwks?.keys) && jwks.keys.length > 0 && Array.isArray(cookieKeys) && cookieKeys.length > 0
  )
}

function readKeys(path: string): Keys {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Error(`${path} cannot be read; move it away to make new keys (everyone signs in again)`, {
      cause,
    })
  }
  if (!isKeys(value)) throw new Error(`${path} holds no keys; move it away to make new ones`)
  chmodSync(path, 0o600)
  return value
}

/** Signing and cookie keys, made at first start and kept, so that a restart signs nobody out. */
export async function loadKeys(dataFolder: string): Promise<Keys> {
  const path = join(dataFolder, 'identity-keys.json')
  if (existsSync(path)) return readKeys(path)
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true })
  const jwk = {
    ...(await exportJWK(privateKey)),
    use: 'sig',
    alg: 'RS256',
    kid: randomBytes(8).toString('hex'),
  }
  const keys = { jwks: { keys: [jwk] }, cookieKeys: [randomBytes(32).toString('hex')] }
  writeFileSync(path, JSON.stringify(keys), { mode: 0o600, flag: 'wx' })
  return keys
}
