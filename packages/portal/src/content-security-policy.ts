import { randomBytes } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'

export type SecurityPolicy = {
  /** Where people sign in; asked for tokens and shown in a hidden frame. */
  identityOrigin: string
  /** Looser only where the development server cannot do without. */
  isDevelopment: boolean
}

/** The Content-Security-Policy of one answer: only our own files and what carries this answer's nonce. */
export function contentSecurityPolicy({
  identityOrigin,
  isDevelopment,
  nonce,
}: SecurityPolicy & { nonce: string }) {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' ${isDevelopment ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${identityOrigin}${isDevelopment ? ' ws:' : ''}`,
    `frame-src 'self' ${identityOrigin}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; ')
}

/**
 * The `proxy` of every portal: a fresh nonce and the security headers on each page. `policy` is asked per request, so
 * that one build fits all environments.
 */
export function createProxy(policy: () => SecurityPolicy): (request: NextRequest) => NextResponse {
  return function proxy(request) {
    const nonce = randomBytes(16).toString('base64')
    const csp = contentSecurityPolicy({ ...policy(), nonce })
    const headers = new Headers(request.headers)
    headers.set('x-nonce', nonce)
    headers.set('content-security-policy', csp) // Next reads the nonce for its own scripts from here
    const response = NextResponse.next({ request: { headers } })
    response.headers.set('content-security-policy', csp)
    response.headers.set('x-content-type-options', 'nosniff')
    response.headers.set('referrer-policy', 'same-origin')
    response.headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(self), payment=()')
    // The sign-in bridge page must stay reachable from the window that opened it.
    if (request.nextUrl.pathname !== '/auth/redirect')
      response.headers.set('cross-origin-opener-policy', 'same-origin')
    return response
  }
}
