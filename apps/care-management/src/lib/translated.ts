import type { Element, Extension, HealthcareService } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'

type Extended = { extension?: Extension[] | undefined }

function isSpanish(extension: Extension): boolean {
  return extension.url === EXTENSION.translation && getExtension(extension, 'lang')?.valueCode === 'es'
}

/** A service with the siblings of its strings, where translations stand; the type definitions leave them out. */
export type WordedService = HealthcareService & { _name?: Element; _comment?: Element }

/** The Spanish words beside a FHIR string (its `_name` sibling), or an empty text. */
export function spanishOf(sibling: Extended | undefined): string {
  const content = getExtension(sibling?.extension?.find(isSpanish), 'content')
  return content?.valueString ?? content?.valueMarkdown ?? ''
}

/** The sibling of a FHIR string with these Spanish words, other extensions kept; undefined when nothing is left. */
export function withSpanish(sibling: Element | undefined, words: string): Element | undefined {
  const others = (sibling?.extension ?? []).filter((extension) => !isSpanish(extension))
  if (words.trim() === '') return others.length === 0 ? undefined : { ...sibling, extension: others }
  const translation: Extension = {
    url: EXTENSION.translation,
    extension: [
      { url: 'lang', valueCode: 'es' },
      { url: 'content', valueString: words.trim() },
    ],
  }
  return { ...sibling, extension: [...others, translation] }
}
