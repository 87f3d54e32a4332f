import type { NextConfig } from 'next'
import createNextIntlPlugin from 'next-intl/plugin'

/** The Next configuration of every portal; `basePath` is where the gateway serves it. */
export function portalConfig(basePath: string): NextConfig {
  const withLanguage = createNextIntlPlugin('./src/lib/request-language.ts')
  return withLanguage({
    basePath,
    poweredByHeader: false,
    typedRoutes: true,
    reactStrictMode: true,
    transpilePackages: [
      '@openward/auth',
      '@openward/fhir-client',
      '@openward/portal',
      '@openward/scheduling',
      '@openward/ui',
    ],
    experimental: { optimizePackageImports: ['lucide-react', 'react-aria-components'] },
  })
}
