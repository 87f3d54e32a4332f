import { parseJson } from './exact-json.ts'

const texts = new WeakMap<Response, string>()

/** The page's own `fetch`, where fhirclient is given another parse of a JSON answer than its own: see `bodyOf`. */
async function fetchKeepingText(...asked: Parameters<typeof fetch>): Promise<Response> {
  const response = await globalThis.fetch(...asked)
  if (!response.ok || !response.headers.get('content-type')?.includes('json')) return response
  const read = response.text.bind(response)
  response.text = async () => {
    const text = await read()
    if (text === '') return text
    texts.set(response, text)
    return '{}'
  }
  return response
}

const isBrowser = typeof window !== 'undefined'
const pageFetch = isBrowser ? window.fetch : undefined

/**
 * Tells fhirclient to use the browser's own `fetch` instead of its XMLHttpRequest polyfill, through which numbers
 * stay as they were written; must be imported before it, as it looks at `window` only then. While a page is rendered
 * on the server there is no window, and nothing is sent either.
 */
if (isBrowser) Object.assign(window, { FHIRCLIENT_PURE: true, fetch: fetchKeepingText })

/** To be called as soon as fhirclient has been imported: nothing else on the page ever sees its `fetch`. */
export function giveBackFetch(): void {
  if (isBrowser) Object.assign(window, { fetch: pageFetch })
}

/** The JSON of an answer that fhirclient has read, every number as it was written. */
export function bodyOf(response: Response): unknown {
  const text = texts.get(response)
  return text === undefined ? undefined : parseJson(text)
}
