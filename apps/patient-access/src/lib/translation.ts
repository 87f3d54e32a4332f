import type { HealthcareService } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'

type Primitive = Parameters<typeof getExtension>[0]

/** The text of a FHIR string in the reader's language: its `translation` where there is one, else the string itself. */
function translated(value: string | undefined, sibling: Primitive, locale: string): string | undefined {
  const translation = sibling?.extension?.find(
    (one) =>
      one.url === EXTENSION.translation && getExtension(one, 'lang')?.valueCode?.startsWith(locale) === true,
  )
  const content = getExtension(translation, 'content')
  return content?.valueString ?? content?.valueMarkdown ?? value
}

type WithSiblings = HealthcareService & { _name?: Primitive; _comment?: Primitive; _extraDetails?: Primitive }

/** What a service is called and what it is for, in plain words. */
export function serviceWords(
  service: HealthcareService,
  locale: string,
): { name: string; comment: string | undefined; details: string | undefined } {
  const { _name, _comment, _extraDetails } = service as WithSiblings
  return {
    name: translated(service.name, _name, locale) ?? '',
    comment: translated(service.comment, _comment, locale),
    details: translated(service.extraDetails, _extraDetails, locale),
  }
}
