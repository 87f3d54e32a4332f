// Entry of every root command. Plain JavaScript with node: imports only, so that any Node from 20 can run it: it gets
// pnpm, installs when something changed, then hands over to Node 24 from the npm registry.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PNPM = 'pnpm@12.21.0'
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [name, ...args] = process.argv.slice(2)
const windows = process.platform === 'win32'

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

const major = Number(process.versions.node.split('.')[0])
if (major < 20)
  fail(
    `Openward needs Node 20 or newer to start; this is Node ${process.versions.node}. Get one from nodejs.org and try again.`,
  )
if (!name || !existsSync(join(root, 'scripts', `${name}.ts`)))
  fail(`There is no command "${name ?? ''}". See README.md for the list.`)

/** Changes when any manifest or the lockfile does, or when the checkout moved. */
function fingerprint() {
  const hash = createHash('sha256')
    .update(root)
    .update(process.platform + process.arch)
  const manifests = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'e2e/package.json']
  for (const folder of ['apps', 'packages']) {
    for (const entry of readdirSync(join(root, folder)).toSorted())
      manifests.push(`${folder}/${entry}/package.json`)
  }
  for (const path of manifests)
    if (existsSync(join(root, path))) hash.update(path).update(readFileSync(join(root, path)))
  return hash.digest('hex')
}

function install() {
  const stamp = join(root, 'node_modules', '.openward-install')
  const current = fingerprint()
  if (
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === current &&
    existsSync(join(root, 'node_modules', '.bin', 'node'))
  )
    return
  process.stderr.write(
    'Installing what Openward needs (pnpm, Node 24, libraries); the first time takes a minute or two…\n',
  )
  const result = spawnSync('npx', ['-y', PNPM, 'install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    shell: windows,
    env: { ...process.env, CI: 'true', npm_config_loglevel: 'error' },
  })
  if (result.error || result.status !== 0) {
    fail(
      result.error?.code === 'ENOENT'
        ? 'Openward needs npm (it comes with Node) to install its parts, and found none.'
        : 'The installation did not finish. Check the network, free disk space and write permission for this folder, then try again.',
    )
  }
  try {
    mkdirSync(dirname(stamp), { recursive: true })
    writeFileSync(stamp, current)
  } catch {
    fail(`Openward cannot write to ${root}. Give yourself write permission for that folder and try again.`)
  }
}

install()
const bin = join(root, 'node_modules', '.bin')
const child = spawn(join(bin, 'node'), [join(root, 'scripts', `${name}.ts`), ...args], {
  cwd: root,
  stdio: 'inherit',
  shell: windows,
  env: {
    ...process.env,
    PATH: `${bin}${windows ? ';' : ':'}${process.env.PATH}`,
    OPENWARD_CWD: process.env.INIT_CWD ?? process.cwd(),
    NEXT_TELEMETRY_DISABLED: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  },
})
// a signal from the terminal reaches the child by itself; one sent to this process alone is passed on
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => child.exitCode === null && child.kill(signal))
child.on('error', () =>
  fail('Node 24 could not be started from node_modules. Delete node_modules and try again.'),
)
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
