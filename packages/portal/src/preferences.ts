import { LOCALES } from './language.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const CHOICES: Record<string, readonly string[]> = { locale: LOCALES, theme: THEMES }
const ONE_YEAR_SECONDS = 31_536_000

/** The theme that a cookie asks for; anything else follows the system. */
export function readTheme(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? 'system'
}

function returnPath(request: Request, home: string): string {
  const referrer = request.headers.get('referer')
  if (!referrer || !URL.canParse(referrer)) return home
  const { pathname, search } = new URL(referrer)
  return pathname === home || pathname.startsWith(`${home}/`) ? pathname + search : home
}

/**
 * Answers the form of `PreferenceSwitch`: keeps a choice of language or theme in a cookie for all portals and goes back
 * (303) to the page it came from, never outside `basePath`. 400 for an unknown choice, 403 from another site.
 */
export async function savePreference(request: Request, basePath: string): Promise<Response> {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none') return new Response(null, { status: 403 })
  const form = await request.formData().catch(() => new FormData())
  const headers = new Headers({ location: returnPath(request, basePath) })
  const secure = request.headers.get('x-forwarded-proto') === 'https' ? '; Secure' : ''
  for (const [name, values] of Object.entries(CHOICES)) {
    const value = form.get(name)
    if (typeof value === 'string' && values.includes(value))
      headers.append(
        'set-cookie',
        `${name}=${value}; Path=/; Max-Age=${ONE_YEAR_SECONDS}; SameSite=Lax${secure}`,
      )
  }
  if (!headers.has('set-cookie')) return new Response(null, { status: 400 })
  return new Response(null, { status: 303, headers })
}
