/** The person who is signed in, as the identity provider names them. What they may do is decided by the BFF. */
export type Caller = {
  /** The subject; unique within the issuer only. */
  sub: string
  name: string
  username: string
  roles: readonly string[]
  /** Absent where the issuer stands for one organisation (Microsoft Entra). */
  organization: string | undefined
}

type Account = {
  name?: string
  username: string
  localAccountId: string
  idTokenClaims?: Record<string, unknown>
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function callerOf(account: Account): Caller {
  const claims = account.idTokenClaims ?? {}
  const roles = Array.isArray(claims['roles']) ? claims['roles'] : []
  return {
    sub: textOf(claims['sub']) ?? account.localAccountId,
    name: textOf(account.name) ?? account.username,
    username: textOf(claims['preferred_username']) ?? account.username,
    roles: roles.filter((role) => typeof role === 'string'),
    organization: textOf(claims['organization']),
  }
}
