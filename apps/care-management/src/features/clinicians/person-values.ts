import type { CodeableConcept, HumanName, Practitioner } from '@medplum/fhirtypes'
import { type FieldProblem, requireText } from '#/lib/field-problems.ts'

/** A clinician as a person, as an administrator edits them. */
export type PersonValues = {
  prefix: string
  given: string
  family: string
  title: string
  languages: string[]
  isActive: boolean
}

const LANGUAGE_SYSTEM = 'urn:ietf:bcp:47'
/** Languages offered as choices; others that are stored are kept and shown. */
export const LANGUAGES = [
  'en',
  'es',
  'zh',
  'vi',
  'tl',
  'ar',
  'fr',
  'ht',
  'hi',
  'ko',
  'pt',
  'ru',
  'so',
] as const

function languagesOf(practitioner: Practitioner | undefined): string[] {
  const codes = (practitioner?.communication ?? []).flatMap(({ coding }) => coding?.[0]?.code ?? [])
  return [...new Set(codes)].toSorted()
}

/** What each language is called where it is recorded, by its tag. */
export function recordedLanguages({ communication }: Practitioner): Map<string, string> {
  return new Map(
    (communication ?? []).flatMap(({ coding, text }): [string, string][] => {
      const first = coding?.[0]
      return first?.code ? [[first.code, text ?? first.display ?? first.code]] : []
    }),
  )
}

/** The name that is edited: the official one, else the first. */
function officialName(practitioner: Practitioner | undefined): HumanName | undefined {
  const names = practitioner?.name ?? []
  return names.find(({ use }) => use === 'official') ?? names[0]
}

export function personValuesFrom(practitioner: Practitioner | undefined): PersonValues {
  const name = officialName(practitioner)
  return {
    prefix: (name?.prefix ?? []).join(' '),
    given: (name?.given ?? []).join(' '),
    family: name?.family ?? '',
    title: practitioner?.qualification?.[0]?.code.text ?? '',
    languages: practitioner ? languagesOf(practitioner) : ['en'],
    isActive: practitioner?.active !== false,
  }
}

export function problemsOfPerson(values: PersonValues): FieldProblem[] {
  return [
    ...requireText('given', values.given),
    ...requireText('family', values.family),
    ...(values.languages.length === 0 ? [{ name: 'languages', code: 'missing' }] : []),
  ]
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}

function languageConcept(code: string): CodeableConcept {
  const display = new Intl.DisplayNames('en', { type: 'language' }).of(code) ?? code
  return { coding: [{ system: LANGUAGE_SYSTEM, code, display }], text: display }
}

/** The Practitioner with these values, everything else of it kept. */
export function withPerson<T extends Practitioner>(practitioner: T, values: PersonValues): T {
  const old = officialName(practitioner)
  const { prefix: _prefix, text: _text, ...kept } = old ?? {}
  const prefix = words(values.prefix)
  const name: HumanName = {
    use: 'official',
    ...kept,
    family: values.family.trim(),
    given: words(values.given),
    ...(prefix.length > 0 ? { prefix } : {}),
  }
  const { qualification: oldQualification, communication: oldLanguages, ...rest } = practitioner
  const [first, ...others] = oldQualification ?? []
  const title = values.title.trim()
  const qualification =
    title === '' ? others : [{ ...first, code: { ...first?.code, text: title } }, ...others]
  return {
    ...rest,
    active: values.isActive,
    name: [name, ...(practitioner.name ?? []).filter((one) => one !== old)],
    ...(qualification.length > 0 ? { qualification } : {}),
    communication: values.languages.map(
      (code) => oldLanguages?.find(({ coding }) => coding?.[0]?.code === code) ?? languageConcept(code),
    ),
  } as T
}
