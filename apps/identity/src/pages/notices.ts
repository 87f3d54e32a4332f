import { markup, trusted, type Html } from '#/pages/html.ts'
import { messagesFor, type Locale } from '#/pages/locale.ts'
import { SUBMIT_SCRIPT, type Page } from '#/pages/page.ts'

const HOME = '/patient'

function notice(
  locale: Locale,
  title: string,
  text: string,
  link: { href: string; label: string },
  more?: Html,
): Page {
  const body = markup`<h1>${title}</h1>
    <p class="text">${text}</p>
    <a class="primary" href="${link.href}">${link.label}</a>${more}`
  return { locale, title, body }
}

/** An interaction that is unknown, used up, or has been open too long. */
export function expiredPage(locale: Locale): Page {
  const { title, text, next } = messagesFor(locale).expired
  return notice(locale, title, text, { href: HOME, label: next })
}

/** A request the provider refuses; `code` is one of OAuth's error codes, never a description. */
export function failedPage(locale: Locale, code: string): Page {
  const { title, text, next, code: quote } = messagesFor(locale).failed
  const more = markup`<p class="code small soft">${quote.replace('{code}', code)}</p>`
  return notice(locale, title, text, { href: HOME, label: next }, more)
}

export function troublePage(locale: Locale, code: string): Page {
  const { failed, trouble } = messagesFor(locale)
  const more = markup`<p class="code small soft">${failed.code.replace('{code}', code)}</p>`
  return notice(locale, trouble.title, trouble.text, { href: HOME, label: failed.next }, more)
}

export function notFoundPage(locale: Locale): Page {
  const { failed, notFound } = messagesFor(locale)
  return notice(locale, notFound.title, notFound.text, { href: HOME, label: failed.next })
}

export function throttledPage(locale: Locale, waitSeconds: number, href: string): Page {
  const { title, text, wait, again } = messagesFor(locale).throttled
  return notice(locale, title, `${text} ${wait.replace('{seconds}', String(waitSeconds))}`, {
    href,
    label: again,
  })
}

export function signedOutPage(locale: Locale): Page {
  const { title, text, next } = messagesFor(locale).signedOut
  return notice(locale, title, text, { href: HOME, label: next })
}

/** Asks nothing: `form` (made by oidc-provider) is sent at once, by a button where scripts are off. */
export function signingOutPage(locale: Locale, form: string): Page {
  const { title, text, submit } = messagesFor(locale).signingOut
  const fields = markup`<input type="hidden" name="logout" value="yes"><noscript><button class="primary">${submit}</button></noscript></form>`
  const body = markup`<h1>${title}</h1>
    <p class="text" role="status">${text}</p>
    ${trusted(form.replace('</form>', fields.text))}
    <script>${trusted(SUBMIT_SCRIPT)}</script>`
  return { locale, title, body }
}
