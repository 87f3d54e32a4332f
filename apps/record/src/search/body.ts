/** Stored bodies begin with `{"resourceType":"…","id":"…"`: both are read without parsing. */
export function typeOf(body: string): string {
  return body.slice(17, body.indexOf('"', 17))
}

export function idOf(body: string): string {
  const start = body.indexOf('"id":"') + 6
  return body.slice(start, body.indexOf('"', start))
}
