const ALWAYS = new Set(['resourceType', 'id'])
const SUBSETTED = '{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}'

/**
 * Cuts a stored body down to some top-level elements without parsing it: stored bodies are our own JSON, without
 * white space, so each property is one slice. `meta` keeps its version and says that the rest is missing.
 */
export function project(body: string, wanted: Set<string>): string {
  let out = ''
  let at = 1
  while (at < body.length && body.charCodeAt(at) === 34) {
    const keyEnd = body.indexOf('"', at + 1)
    const key = body.slice(at + 1, keyEnd)
    const end = endOfValue(body, keyEnd + 2)
    if (key === 'meta') out += `,"meta":${subsettedMeta(body.slice(keyEnd + 2, end), wanted.has('meta'))}`
    else if (ALWAYS.has(key) || wanted.has(key.charCodeAt(0) === 95 ? key.slice(1) : key))
      out += `,${body.slice(at, end)}`
    at = end + 1
  }
  return `{${out.slice(1)}}`
}

function subsettedMeta(meta: string, isWhole: boolean): string {
  if (isWhole) {
    const parsed = JSON.parse(meta) as { tag?: unknown[] }
    return JSON.stringify({ ...parsed, tag: [...(parsed.tag ?? []), JSON.parse(SUBSETTED)] })
  }
  const from = meta.indexOf('"versionId":"')
  const version = meta.slice(from, meta.indexOf('"', from + 13) + 1)
  return `{${version},"tag":[${SUBSETTED}]}`
}

/** The index just after the value that starts at `start`. */
function endOfValue(body: string, start: number): number {
  const first = body.charCodeAt(start)
  if (first === 34) return endOfString(body, start)
  if (first !== 123 && first !== 91) {
    let at = start
    while (body.charCodeAt(at) !== 44 && body.charCodeAt(at) !== 125) at++
    return at
  }
  let depth = 0
  for (let at = start; at < body.length; at++) {
    const char = body.charCodeAt(at)
    if (char === 34) at = endOfString(body, at) - 1
    else if (char === 123 || char === 91) depth++
    else if (char === 125 || char === 93) {
      depth--
      if (depth === 0) return at + 1
    }
  }
  return body.length
}

function endOfString(body: string, start: number): number {
  let at = body.indexOf('"', start + 1)
  for (;;) {
    let backslashes = 0
    while (body.charCodeAt(at - 1 - backslashes) === 92) backslashes++
    if (backslashes % 2 === 0) return at + 1
    at = body.indexOf('"', at + 1)
  }
}
