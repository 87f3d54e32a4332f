import type { Route } from 'next'

/** An address inside the part of the portal that is about one person: who is meant stands in every address. */
export function personPath(personId: string, path: `/${string}` = '/home'): Route {
  return `/for/${encodeURIComponent(personId)}${path}` as Route
}
