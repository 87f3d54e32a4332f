import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A provider for tests: a key pair of its own, its public half served as JWKS. */
export type TestIssuer = {
  issuer: string
  jwksUrl: string
  /** A token as identity would give it; `claims` win over the defaults, and `undefined` takes a claim away. */
  mint: (claims: Record<string, unknown>) => Promise<string>
  privateKey: CryptoKey
  publicKey: CryptoKey
  stop: () => Promise<void>
}

const KEY_ID = 'test-key'

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

export async function startTestIssuer(): Promise<TestIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' }] }
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(keys))
  })
  const issuer = `http://127.0.0.1:${await listen(server)}`
  async function mint(claims: Record<string, unknown>): Promise<string> {
    const seconds = Math.floor(Date.now() / 1000)
    const payload = {
      iss: issuer,
      aud: 'api://openward',
      sub: 'test-subject',
      scp: 'access_as_user',
      organization: 'openward',
      name: 'Test Person',
      client_id: 'test',
      iat: seconds,
      exp: seconds + 600,
      ...claims,
    }
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: KEY_ID }).sign(privateKey)
  }
  async function stop(): Promise<void> {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { issuer, jwksUrl: `${issuer}/jwks`, mint, privateKey, publicKey, stop }
}
