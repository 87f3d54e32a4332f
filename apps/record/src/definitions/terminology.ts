import { readFileSync } from 'node:fs'

/** A code, or a code with those below it. */
export type CompactConcept = string | [string, ...CompactConcept[]]

/** A part of `ValueSet.compose`, as much of it as is looked at. */
export interface CompactInclude {
  system?: string
  concept?: { code: string }[]
  filter?: { property: string; op: string; value: string }[]
  valueSet?: string[]
}

export interface CompactValueSet {
  include: CompactInclude[]
  exclude?: CompactInclude[]
}

export interface Terminology {
  systems: Record<string, CompactConcept[]>
  sets: Record<string, CompactValueSet>
}

const FILE = new URL('../../generated/terminology.json', import.meta.url)
let loaded: Terminology | undefined

/** The code systems and value sets of the standard: read when the first profile asks for one, as most records never do. */
export function standardTerminology(): Terminology {
  loaded ??= JSON.parse(readFileSync(FILE, 'utf8')) as Terminology
  return loaded
}
