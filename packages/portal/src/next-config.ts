import type { NextConfig } from 'next'
import createNextIntlPlugin from 'next-intl/plugin'

const UNSPOKEN =
  'ar-AE bg-BG cs-CZ da-DK de-DE el-GR et-EE fi-FI fr-FR he-IL hr-HR hu-HU it-IT ja-JP ko-KR lt-LT lv-LV nb-NO nl-NL pl-PL pt-BR pt-PT ro-RO ru-RU sk-SK sl-SI sr-SP sv-SE tr-TR uk-UA zh-CN zh-TW'
const PARTS_WITH_WORDS =
  'calendar combobox datepicker dnd grid menu numberfield overlays searchfield spinbutton table'

/** react-aria brings its words in 34 languages into every page that uses them; ours speak two. */
function spokenLanguagesOnly(): Record<string, string> {
  const folders = ['./intl', ...PARTS_WITH_WORDS.split(' ').map((part) => `../intl/${part}`)]
  return Object.fromEntries(
    UNSPOKEN.split(' ').flatMap((language) =>
      folders.map((folder) => [`${folder}/${language}.mjs`, '@openward/portal/no-words.json']),
    ),
  )
}

/** The Next configuration of every portal; `basePath` is where the gateway serves it. */
export function portalConfig(basePath: string): NextConfig {
  const withLanguage = createNextIntlPlugin('./src/lib/request-language.ts')
  return withLanguage({
    basePath,
    poweredByHeader: false,
    typedRoutes: true,
    reactStrictMode: true,
    transpilePackages: [
      '@openward/auth',
      '@openward/fhir-client',
      '@openward/portal',
      '@openward/scheduling',
      '@openward/ui',
    ],
    turbopack: { resolveAlias: spokenLanguagesOnly() },
    experimental: { optimizePackageImports: ['lucide-react', 'react-aria-components'] },
  })
}
