import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const ROOT = fileURLToPath(new URL('.', import.meta.url))
const setupFiles = [`${ROOT}scripts/testing/fixed-seed.ts`]

/** Every workspace with the vitest.config.ts that it may have, and the fixed seed of the gate. */
const workspaces = ['apps', 'packages'].flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`).map((name) => {
    const root = `${ROOT}${folder}/${name}`
    const config = `${root}/vitest.config.ts`
    return {
      ...(existsSync(config) ? { extends: config } : {}),
      root,
      test: { name: `${folder}/${name}`, setupFiles },
    }
  }),
)

export default defineConfig({
  test: {
    projects: [
      ...workspaces,
      { test: { name: 'scripts', include: ['scripts/**/*.test.ts'], root: '.', setupFiles } },
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
