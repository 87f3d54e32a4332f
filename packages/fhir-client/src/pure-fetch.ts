/** Tells fhirclient to use the browser's own `fetch` instead of its XMLHttpRequest polyfill; must be imported before it. */
Object.assign(globalThis, { FHIRCLIENT_PURE: true })
