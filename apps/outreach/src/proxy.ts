import { createProxy } from '@openward/portal/content-security-policy'
import { securityPolicy } from '#/lib/env.ts'

export const proxy = createProxy(securityPolicy)

export const config = {
  matcher: [
    {
      source: '/((?!_next/static|_next/image|favicon.ico|icon.svg).*)',
      missing: [
        { type: 'header', key: 'next-router-prefetch' },
        { type: 'header', key: 'purpose', value: 'prefetch' },
      ],
    },
    '/',
  ],
}
