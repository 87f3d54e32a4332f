import type { CodeableConcept } from '@medplum/fhirtypes'

/** A language in the reader's words; as it is recorded where the browser does not know it, so that no bare code is shown. */
export function languageName(language: CodeableConcept, locale: string): string {
  const coding = language.coding?.[0]
  const recorded = language.text ?? coding?.display ?? coding?.code ?? ''
  if (!coding?.code) return recorded
  return nameOfCode(coding.code, locale) ?? recorded
}

/** A language tag in words; undefined when the browser does not know it or it is not a tag. */
export function nameOfCode(code: string, locale: string): string | undefined {
  try {
    const name = new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' }).of(code)
    return name === code ? undefined : name
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
