import { expect, test } from '../../fixtures.ts'

const PAGES = [
  '/patient',
  '/patient/home',
  '/care',
  '/care/panel',
  '/home-health',
  '/home-health/today',
  '/outreach',
  '/outreach/groups',
]

function nonceOf(policy: string): string {
  const [, nonce] = /'nonce-([^']+)'/.exec(policy) ?? []
  if (!nonce) throw new Error(`No nonce in: ${policy}`)
  return nonce
}

for (const path of PAGES) {
  test(`${path} allows only scripts of its own answer: a fresh nonce each time, nothing unsafe`, async ({
    request,
  }) => {
    const answers = await Promise.all([request.get(path), request.get(path)])
    const policies = answers.map((answer) => answer.headers()['content-security-policy'] ?? '')
    for (const policy of policies) {
      expect(policy).not.toContain('unsafe')
      expect(policy).toContain("object-src 'none'")
      expect(policy).toContain("base-uri 'none'")
    }
    expect(new Set(policies.map(nonceOf)).size).toBe(2)
    for (const [index, answer] of answers.entries()) {
      const html = await answer.text()
      expect(answer.headers()['x-content-type-options']).toBe('nosniff')
      const scripts = html.match(/<script\b[^>]*>/g) ?? []
      expect(scripts.length).toBeGreaterThan(0)
      for (const script of scripts) expect(script).toContain(`nonce="${nonceOf(policies[index]!)}"`)
      expect(html).not.toMatch(/<[^>]+\son(click|load|error|submit)=/)
    }
  })
}

test('the landing page loads no sign-in code and asks the record for nothing', async ({ page }) => {
  const scripts = new Set<string>()
  const requests: string[] = []
  page.on('request', (request) => {
    requests.push(new URL(request.url()).pathname)
    if (request.resourceType() === 'script') scripts.add(request.url())
  })
  // read by requests of their own: a page that leaves takes its answers with it
  const code = async () => {
    const answers = await Promise.all([...scripts].map((url) => page.request.get(url)))
    return (await Promise.all(answers.map((answer) => answer.text()))).join('\n')
  }
  await page.goto('/patient', { waitUntil: 'networkidle' })
  expect(scripts.size).toBeGreaterThan(0)
  expect(await code()).not.toMatch(/acquireTokenSilent|msal\.js|PublicClientApplication/)
  expect(requests.filter((path) => path.startsWith('/fhir') || path.startsWith('/identity'))).toEqual([])
  // the same search does find the sign-in code where it is needed
  await page.goto('/patient/home')
  await expect(page.getByLabel('Username')).toBeVisible()
  expect(await code()).toContain('acquireTokenSilent')
})
