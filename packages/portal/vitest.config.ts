import { defineConfig } from 'vitest/config'

// Next wants `jsx: preserve`, which vitest cannot run
export default defineConfig({ oxc: { jsx: { runtime: 'automatic' } } })
