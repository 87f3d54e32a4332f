import { parseScope, type Role, ROLES, type Scope } from '@openward/access'
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose'

import type { TrustedIssuer } from '#/env.ts'
import { Refusal, unavailable } from './refusal.ts'

/** What a valid token says. The identity is `issuer` and `subject` together, never a name or an e-mail address. */
export type Identity = {
  issuer: string
  subject: string
  organization: string
  roles: readonly Role[]
  /** SMART scopes that the token is limited to; undefined for a token of our own portals, which names none. */
  scopes: readonly Scope[] | undefined
  /** Only from an issuer of ours. */
  fhirUser: string | undefined
  displayName: string
  clientId: string | undefined
  authenticatedAt: number | undefined
  /** Seconds since the epoch. */
  expiresAt: number
}

export type TokenCheck = (authorization: string | undefined) => Promise<Identity>

const SCOPE = 'access_as_user'
const LEEWAY_SECONDS = 30
const LONGEST_TOKEN = 12_000
const ORGANIZATION = /^[a-z0-9][a-z0-9-]{0,62}$/
const FHIR_USER = /^(Patient|Practitioner|Person)\/[A-Za-z0-9\-.]{1,64}$/

function unauthenticated(message: string, error?: string, cause?: unknown): Refusal {
  const challenge =
    error === undefined ? 'Bearer realm="openward"' : `Bearer realm="openward", error="${error}"`
  return new Refusal(401, 'login', message, { headers: { 'www-authenticate': challenge }, cause })
}

function invalidToken(cause?: unknown): Refusal {
  return unauthenticated('Your sign-in is not valid here; sign in again', 'invalid_token', cause)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 200 ? value : undefined
}

function organizationOf(payload: JWTPayload, trusted: TrustedIssuer): string {
  const claimed = text(payload.organization)
  if (trusted.kind !== 'local') {
    if (trusted.organization === undefined)
      throw new Refusal(403, 'forbidden', 'Your sign-in names no organization')
    return trusted.organization
  }
  const organization = claimed ?? trusted.organization
  const isKnown = organization !== undefined && ORGANIZATION.test(organization)
  if (!isKnown || (trusted.organization !== undefined && trusted.organization !== organization)) {
    throw new Refusal(403, 'forbidden', 'Your sign-in names no organization')
  }
  return organization
}

function rolesOf({ roles }: JWTPayload): Role[] {
  const named: unknown[] = Array.isArray(roles) ? roles : []
  const known = ROLES.filter((role) => named.includes(role))
  if (known.length === 0)
    throw new Refusal(403, 'forbidden', 'Your account has no role here; ask your administrator')
  return known
}

const RESOURCE_SCOPE = /^(?:patient|user|system)\//
const MOST_SCOPES = 200

/** A scope of resources that cannot be read grants nothing, but limits the token all the same. */
function scopesOf(granted: readonly string[]): Scope[] | undefined {
  const named = granted.filter((one) => RESOURCE_SCOPE.test(one))
  if (named.length === 0) return undefined
  if (named.length > MOST_SCOPES) throw invalidToken()
  return named.flatMap((one) => parseScope(one) ?? [])
}

function identityOf(payload: JWTPayload, trusted: TrustedIssuer): Identity {
  const granted = typeof payload.scp === 'string' ? payload.scp.split(' ') : []
  const scopes = scopesOf(granted)
  if ((scopes === undefined && !granted.includes(SCOPE)) || !text(payload.sub)) throw invalidToken()
  const fhirUser = trusted.kind === 'local' ? text(payload.fhirUser) : undefined
  return {
    issuer: trusted.issuer,
    subject: payload.sub ?? '',
    organization: organizationOf(payload, trusted),
    roles: rolesOf(payload),
    scopes,
    fhirUser: fhirUser !== undefined && FHIR_USER.test(fhirUser) ? fhirUser : undefined,
    displayName: text(payload.name) ?? text(payload.preferred_username) ?? 'Signed-in person',
    clientId: text(payload.client_id) ?? text(payload.azp),
    authenticatedAt: typeof payload.auth_time === 'number' ? payload.auth_time : undefined,
    expiresAt: payload.exp ?? 0,
  }
}

function unverifiedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

/** Keys that cannot be fetched are the provider's trouble; everything else is the token's. */
function isKeysTrouble(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true
  return (
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === 'ERR_JOSE_GENERIC'
  )
}

/** Checks bearer tokens against the trusted issuers: RS256 only, issuer, audience, times with 30 seconds of leeway, scope. */
export function createTokenCheck(trustedIssuers: readonly TrustedIssuer[]): TokenCheck {
  const issuers = new Map(
    trustedIssuers.map((trusted) => [
      trusted.issuer,
      {
        trusted,
        keys: createRemoteJWKSet(new URL(trusted.jwks), { timeoutDuration: 5000, cooldownDuration: 30_000 }),
      },
    ]),
  )
  return async (authorization) => {
    const token = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i.exec(authorization ?? '')?.[1]
    if (token === undefined || token.length > LONGEST_TOKEN) {
      throw authorization ? invalidToken() : unauthenticated('Sign in first')
    }
    const issuer = issuers.get(unverifiedIssuer(token) ?? '')
    if (!issuer) throw invalidToken()
    const { trusted, keys } = issuer
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        issuer: trusted.issuer,
        audience: trusted.audience,
        clockTolerance: LEEWAY_SECONDS,
        requiredClaims: ['sub', 'exp', 'iat'],
      })
      return identityOf(payload, trusted)
    } catch (error) {
      if (error instanceof Refusal) throw error
      if (isKeysTrouble(error))
        throw unavailable('Sign-in cannot be checked right now; try again shortly', error)
      throw invalidToken(error)
    }
  }
}
