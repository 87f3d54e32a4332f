import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LOCALES, messagesFor, type Locale } from '#/pages/locale.ts'
import { markup, trusted, type Html } from '#/pages/html.ts'
import type { Theme } from '#/pages/theme.ts'

const fontUrl = import.meta
  .resolve('@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2')

export const font = readFileSync(fileURLToPath(fontUrl))

/** The name carries the content's hash, so that browsers may keep the file for good. */
export const FONT_PATH = `/assets/${createHash('sha256').update(font).digest('hex').slice(0, 16)}.woff2`

export const SUBMIT_SCRIPT = 'document.forms[0].submit()'

/** Fills in the chosen demo person; opens the list where it stands beside the form. */
export const PEOPLE_SCRIPT = `
const people = document.getElementById('people')
const username = document.getElementById('username')
const buttons = [...people.querySelectorAll('button')]
people.open = matchMedia('(min-width: 60rem)').matches
function mark() {
  for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === username.value))
}
for (const button of buttons) {
  button.addEventListener('click', () => {
    username.value = button.value
    mark()
    document.getElementById('password').focus()
  })
}
username.addEventListener('input', mark)
mark()
`

const styleSheet = readFileSync(new URL('style.css', import.meta.url), 'utf8')

function sha256(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

export type PageMaker = {
  /** Sent with every answer. */
  contentSecurityPolicy: string
  /** `theme` is the one chosen in a portal; undefined follows the system. */
  render: (page: Page, theme: Theme | undefined) => string
}

export type Page = {
  locale: Locale
  title: string
  body: Html
  /** Only where asking for the same page again does no harm. */
  hasLanguageSwitch?: boolean
  isWide?: boolean
}

/** The mark of packages/ui. */
const MARK = trusted(
  '<svg viewBox="0 0 32 32" fill="none" aria-hidden="true"><path d="M18 4H9a5 5 0 0 0-5 5v14a5 5 0 0 0 5 5h9" stroke="currentColor" stroke-width="3.2" stroke-linecap="round"/><path d="M16 10.5 27 7v18l-11-3.5z" fill="currentColor"/></svg>',
)

function languageSwitch(current: Locale): Html {
  const choices = LOCALES.map((locale) => {
    const name = messagesFor(locale).language
    return locale === current
      ? markup`<span aria-current="true" lang="${locale}">${name}</span>`
      : markup`<a href="?locale=${locale}" lang="${locale}" hreflang="${locale}">${name}</a>`
  })
  return markup`<nav class="languages" aria-label="${messagesFor(current).languageLabel}">${choices}</nav>`
}

/** @NOTE no `form-action`: Chromium applies it to the redirects after the form, which end at the portals. */
export function createPageMaker(mountPath: string): PageMaker {
  const fontFace = `@font-face {
  font-family: 'Atkinson Hyperlegible Next';
  src: url('${mountPath}${FONT_PATH}') format('woff2');
  font-weight: 200 800;
  font-display: swap;
}
`
  const style = fontFace + styleSheet
  const contentSecurityPolicy = [
    "default-src 'none'",
    `style-src ${sha256(style)}`,
    `script-src ${sha256(SUBMIT_SCRIPT)} ${sha256(PEOPLE_SCRIPT)}`,
    "font-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

  function render(
    { locale, title, body, hasLanguageSwitch, isWide }: Page,
    theme: Theme | undefined,
  ): string {
    return markup`<!doctype html>
      <html lang="${locale}" data-theme="${theme ?? 'system'}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title} · Openward</title>
          <style>${trusted(style)}</style>
        </head>
        <body>
          <a class="skip" href="#main">${messagesFor(locale).skip}</a>
          <header class="top">
            <span class="brand">${MARK}Openward</span>${hasLanguageSwitch && languageSwitch(locale)}
          </header>
          <main id="main" class="${isWide ? 'wide' : 'narrow'}">${body}</main>
        </body>
      </html>`.text
  }
  return { contentSecurityPolicy, render }
}
