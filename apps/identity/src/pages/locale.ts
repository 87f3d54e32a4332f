import type { IncomingMessage } from 'node:http'
import en from '../../messages/en.json' with { type: 'json' }
import es from '../../messages/es.json' with { type: 'json' }

export type Messages = typeof en

const MESSAGES = { en, es } satisfies Record<string, Messages>

export type Locale = keyof typeof MESSAGES

export const LOCALES = ['en', 'es'] as const satisfies readonly Locale[]

export function messagesFor(locale: Locale): Messages {
  return MESSAGES[locale]
}

export function localeNamed(text: string | null | undefined): Locale | undefined {
  return LOCALES.find((locale) => locale === text)
}

/** Languages of an Accept-Language header, the most wanted first. */
function wanted(header: string): string[] {
  return header
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(/\s*;\s*q=/)
      return { language: tag.split('-')[0]?.toLowerCase() ?? '', quality: Number(quality ?? 1) || 0 }
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ language }) => language)
}

/** The cookie `locale`, which all portals share, else what the browser asks for, else English. */
export function localeOf(request: IncomingMessage): Locale {
  const cookie = /(?:^|;\s*)locale=([a-z]{2})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1]
  return (
    localeNamed(cookie) ??
    wanted((request.headers['accept-language'] ?? '').slice(0, 200))
      .map(localeNamed)
      .find(Boolean) ??
    'en'
  )
}
