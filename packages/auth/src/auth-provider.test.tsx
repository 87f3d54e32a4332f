import { webcrypto } from 'node:crypto'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { AuthProvider, RequireSignIn, SignIn, useCaller } from './index.ts'
import { authConfigFromEnv } from './config.ts'

const config = authConfigFromEnv({}, { basePath: '/patient', clientId: 'patient-access' })
const labels = {
  waiting: 'One moment',
  unreachableTitle: 'Sign-in does not answer',
  unreachableText: 'Nothing is lost.',
  failedTitle: 'Sign-in failed',
  failedText: 'Please try again.',
  retry: 'Try again',
}

beforeAll(() => {
  // jsdom has no subtle crypto, which MSAL needs to start
  Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true })
})
beforeEach(
  () =>
    void vi.stubGlobal(
      'fetch',
      vi.fn(async () => Promise.reject(new TypeError('offline'))),
    ),
)
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function Secret() {
  return <p>{useCaller().name}</p>
}

test('shows that it waits first, also where it is rendered on a server', async () => {
  const { renderToString } = await import('react-dom/server')
  const page = renderToString(
    <AuthProvider config={config} labels={labels}>
      <Secret />
    </AuthProvider>,
  )
  expect(page).toContain('One moment')
})

test('a provider that does not answer gives an error with a way to try again, never an empty page', async () => {
  render(
    <AuthProvider config={config} labels={labels}>
      <RequireSignIn labels={labels}>
        <Secret />
      </RequireSignIn>
    </AuthProvider>,
  )
  expect((await screen.findByRole('alert')).textContent).toContain('Sign-in does not answer')
  const before = vi.mocked(fetch).mock.calls.length
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect((await screen.findByRole('alert')).textContent).toContain('Nothing is lost.')
  expect(vi.mocked(fetch).mock.calls.length).toBeGreaterThan(before)
})

test('a portal may draw the error itself and still offers the way back', async () => {
  render(
    <AuthProvider config={config} labels={labels}>
      <SignIn
        labels={labels}
        renderProblem={({ code, retry }) => <button onClick={retry}>{`again after ${code}`}</button>}
      >
        Sign in
      </SignIn>
    </AuthProvider>,
  )
  fireEvent.click(await screen.findByRole('button', { name: 'Sign in' }))
  expect(await screen.findByRole('button', { name: 'again after unreachable' })).toBeDefined()
})

test('a departure left over from another portal in the same tab does not block this one', async () => {
  sessionStorage.setItem('msal.interaction.status', JSON.stringify({ clientId: 'outreach', type: 'signout' }))
  render(
    <AuthProvider config={{ ...config, clientId: 'care-management' }} labels={labels}>
      <p>ready</p>
    </AuthProvider>,
  )
  await screen.findByText('ready')
  expect(sessionStorage.getItem('msal.interaction.status')).toBeNull()
})
