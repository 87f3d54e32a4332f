/** A request on one resource or bundle, as it arrives over HTTP or as an entry of a bundle. */
export interface Interaction {
  method: string
  /** Path segments after the base, decoded: ['Patient', '1']. */
  path: string[]
  query: string
  body: string | undefined
  ifMatch: string | undefined
  ifNoneMatch: string | undefined
  ifNoneExist: string | undefined
  ifModifiedSince: string | undefined
  /** What Prefer asks to get back; undefined when it does not say. */
  prefers: 'minimal' | 'representation' | 'OperationOutcome' | undefined
  isLenient: boolean
}

export interface Answer {
  status: number
  body: string
  etag?: string
  lastModifiedMs?: number
  location?: string
  /** Further headers, such as Allow. */
  headers?: Record<string, string>
  /** Where our own code failed, for the log. */
  fault?: string
}
