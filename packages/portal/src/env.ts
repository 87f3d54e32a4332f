/** Where this portal's server reaches the BFF; undefined when the portal runs by itself. */
export function bffOrigin(): string | undefined {
  return process.env['BFF_ORIGIN'] || undefined
}
