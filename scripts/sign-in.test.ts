import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signIn } from './sign-in.ts'
import { Failure } from './system/failure.ts'
import { freePorts } from './system/ports.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

function claims(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}

describe('against the running provider', () => {
  let provider: ChildProcess
  let origin: string
  let port: number
  const folder = mkdtempSync(join(tmpdir(), 'sign-in-'))

  beforeAll(async () => {
    const [free = 0] = await freePorts(1)
    port = free
    origin = `http://localhost:${port}`
    provider = spawn(process.execPath, ['src/main.ts'], {
      cwd: join(root, 'apps/identity'),
      env: { IDENTITY_PORT: String(port), PUBLIC_ORIGIN: origin, OPENWARD_DATA: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // its first line says that it listens
    await once(provider.stdout ?? provider, 'data')
  })
  afterAll(async () => {
    provider.kill('SIGTERM')
    if (provider.exitCode === null) await once(provider, 'exit')
    rmSync(folder, { recursive: true, force: true })
  })

  async function token(...args: string[]): Promise<{ code: number | null; out: string; error: string }> {
    const env = { PORT: String(port) }
    const child = spawn(process.execPath, [join(root, 'scripts/token.ts'), ...args], { cwd: root, env })
    const texts = { out: '', error: '' }
    child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (texts.error += chunk.toString()))
    await once(child, 'close')
    return { code: child.exitCode, ...texts }
  }

  test.each(['cli', 'patient-access', 'care-management', 'home-health', 'outreach'])(
    'signs in by the client %s',
    async (clientId) => {
      const tokens = await signIn({ origin, username: 'clinician', clientId })
      expect(claims(tokens.accessToken)).toMatchObject({ client_id: clientId, roles: ['clinician'] })
      expect(tokens.expiresIn).toBe(900)
      expect(tokens.refreshToken).not.toBe('')
      expect(claims(tokens.idToken)['aud']).toBe(clientId)
    },
  )

  test('the command prints the token and nothing else', async () => {
    const { code, out, error } = await token('scheduler')
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    expect(claims(out)['preferred_username']).toBe('scheduler')
  })

  test('the command names an account that does not exist, and the accounts when none is given', async () => {
    expect(await token('nobody')).toMatchObject({
      code: 1,
      out: '',
      error: expect.stringContaining('"nobody"'),
    })
    expect(await token()).toMatchObject({ code: 1, out: '', error: expect.stringContaining('care-manager') })
  })

  test('a wrong password is refused in words', async () => {
    const attempt = signIn({ origin, username: 'patient', password: 'wrong' })
    await expect(attempt).rejects.toThrow(Failure)
  })
})

test('says how to start the system when nothing answers', async () => {
  const [port = 0] = await freePorts(1)
  const attempt = signIn({ origin: `http://localhost:${port}`, username: 'patient' })
  await expect(attempt).rejects.toThrow(/npm start/)
})
