import { z } from 'zod'

import type { Env } from '#/env.ts'
import { unavailable } from '#/lib/refusal.ts'

const KEPT_MS = 300_000

const discovery = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  end_session_endpoint: z.string().optional(),
})

/**
 * What a client needs to sign in, as the first trusted provider says it.
 * @see https://hl7.org/fhir/smart-app-launch/STU2/conformance.html
 */
export function createSmartConfiguration({ TRUSTED_ISSUERS }: Env): () => Promise<string> {
  let kept: { text: string; untilMs: number } | undefined
  async function ask(): Promise<string> {
    const issuer = TRUSTED_ISSUERS[0]?.issuer ?? ''
    const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    const response = await fetch(address, { signal: AbortSignal.timeout(5000), redirect: 'error' })
    const endpoints = discovery.parse(await response.json())
    return JSON.stringify({
      ...endpoints,
      grant_types_supported: ['authorization_code', 'refresh_token'],
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      scopes_supported: ['openid', 'profile', 'offline_access'],
      capabilities: ['client-public', 'sso-openid-connect'],
    })
  }
  return async () => {
    if (kept && kept.untilMs > Date.now()) return kept.text
    try {
      kept = { text: await ask(), untilMs: Date.now() + KEPT_MS }
      return kept.text
    } catch (error) {
      throw unavailable('The sign-in provider cannot be reached; try again shortly', error)
    }
  }
}
