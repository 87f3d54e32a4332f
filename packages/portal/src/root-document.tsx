import { cookies, headers } from 'next/headers'
import { connection } from 'next/server'
import { getLocale } from 'next-intl/server'
import type { ReactNode } from 'react'
import { currentBranding } from './current-branding.ts'
import { readTheme } from './preferences.ts'

export type RootDocumentProps = {
  /** Sizes: 17 px with large targets for patients, 15 px for staff. */
  density: 'patient' | 'staff'
  children: ReactNode
}

/** `html` and `body` of every portal page: language, theme, accent, density and the nonce. Rendered per request. */
export async function RootDocument({ density, children }: RootDocumentProps) {
  await connection()
  const theme = readTheme((await cookies()).get('theme')?.value)
  const { accent } = await currentBranding()
  const nonce = (await headers()).get('x-nonce') ?? undefined
  return (
    <html
      lang={await getLocale()}
      dir="ltr"
      data-density={density}
      data-accent={accent}
      data-theme={theme === 'system' ? undefined : theme}
    >
      <body>
        {/* React lifts it into the head: react-aria takes the nonce of the style elements it adds from here */}
        <meta property="csp-nonce" nonce={nonce} suppressHydrationWarning />
        {children}
      </body>
    </html>
  )
}
