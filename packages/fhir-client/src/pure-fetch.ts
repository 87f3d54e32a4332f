/**
 * Tells fhirclient to use the browser's own `fetch` instead of its XMLHttpRequest polyfill; must be imported before it.
 * While a page is rendered on the server there is no window, and nothing is sent either.
 */
if (typeof window !== 'undefined') Object.assign(globalThis, { FHIRCLIENT_PURE: true })
