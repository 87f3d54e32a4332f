import { authConfig } from '#/lib/env.ts'

/** Runs once when the server starts: a wrong environment stops it here, by name. */
export function register() {
  authConfig()
}
