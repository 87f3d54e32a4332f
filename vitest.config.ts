import { defineConfig } from 'vitest/config'

// One run over every workspace; each may carry its own vitest.config.ts.
export default defineConfig({
  test: {
    projects: [
      'apps/*',
      'packages/*',
      { test: { name: 'scripts', include: ['scripts/**/*.test.ts'], root: '.' } },
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
