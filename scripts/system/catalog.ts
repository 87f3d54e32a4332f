import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from './env.ts'

type Manifest = { dependencies?: Record<string, string>; devDependencies?: Record<string, string> }

/** Dependencies that name a version by hand although the catalog has one, as `package.json: name`. */
export function handTypedVersions(): string[] {
  const workspace = readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8')
  const section = /^catalog:\n((?: {2}.*\n)+)/m.exec(workspace)?.[1] ?? ''
  const catalog = new Set([...section.matchAll(/^ {2}'?([^':]+)'?:/gm)].map((match) => match[1]))
  if (catalog.size === 0) throw new Error('The catalog in pnpm-workspace.yaml was not found')
  const folders = [
    '.',
    'e2e',
    ...['apps', 'packages'].flatMap((kind) => readdirSync(join(ROOT, kind)).map((name) => `${kind}/${name}`)),
  ]
  return folders.flatMap((folder) => {
    const path = join(folder, 'package.json')
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Manifest
    return Object.entries({ ...dependencies, ...devDependencies })
      .filter(([name, version]) => catalog.has(name) && version !== 'catalog:')
      .map(([name]) => `${path}: ${name}`)
  })
}
