import { invalidRequest, Refusal } from '../fhir/outcome.ts'
import type { Interaction } from './interaction.ts'

export type Preconditions = Pick<Interaction, 'ifMatch' | 'ifNoneMatch' | 'ifNoneExist'>

const ETAG = /^(?:W\/)?"([^"]*)"$/

/** The versions that a header such as `W/"3", W/"4"` names; undefined for `*`, which is every version. */
function versionsIn(header: string, name: string): Set<string> | undefined {
  if (header.trim() === '*') return undefined
  const versions = header.split(',').map((tag) => ETAG.exec(tag.trim())?.[1])
  if (!versions.every((version) => version !== undefined))
    throw invalidRequest(`${name} must be an ETag such as W/"3".`, name)
  return new Set(versions)
}

/** Refuses (412) a write on another version than If-Match names; `version` is undefined when there is none. */
export function requireMatch({ ifMatch }: Preconditions, version: number | undefined): void {
  if (ifMatch === undefined) return
  const wanted = versionsIn(ifMatch, 'If-Match')
  const isThere = version !== undefined && wanted?.has(String(version)) !== false
  if (!isThere)
    throw new Refusal(
      412,
      'conflict',
      'The resource has changed: its version is not the one given in If-Match.',
    )
}

/** Refuses (412) a write when If-None-Match names the version that is there, or is `*` and something is. */
export function requireNoneMatch({ ifNoneMatch }: Preconditions, version: number | undefined): void {
  if (ifNoneMatch !== undefined && version !== undefined && isNamed(ifNoneMatch, version))
    throw new Refusal(412, 'conflict', 'The resource exists already.')
}

/** Does an If-None-Match name this version? What is no ETag names none. */
export function isNamed(ifNoneMatch: string, version: number): boolean {
  return ifNoneMatch
    .split(',')
    .some((tag) => tag.trim() === '*' || ETAG.exec(tag.trim())?.[1] === String(version))
}
