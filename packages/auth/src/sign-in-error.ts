/**
 * `unreachable`: the identity provider does not answer; trying again later helps.
 * `interaction-required`: the person is being sent to sign in again.
 * `failed`: the provider refused, or its answer was not for us.
 */
export type SignInErrorCode = 'unreachable' | 'interaction-required' | 'failed'

/** Why there is no token. Its message is fixed; `cause` is for logs. */
export class SignInError extends Error {
  override name = 'SignInError'
  readonly code: SignInErrorCode

  constructor(code: SignInErrorCode, options?: ErrorOptions) {
    super(`Sign-in: ${code}`, options)
    this.code = code
  }
}
