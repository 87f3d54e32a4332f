import type { Extension, Organization } from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client'
import type { Branding } from '@openward/portal/branding'
import { type FieldProblem, requireText } from '#/lib/field-problems.ts'

const MOST_WELCOME = 300

export function problemsOfBranding(values: Branding): FieldProblem[] {
  const texts = ['displayName', 'phone', 'welcome', 'welcomeEs'] as const
  const isPhone = /^[+()\d][\d\s().-]{6,24}$/.test(values.phone.trim())
  const tooLong = (['welcome', 'welcomeEs'] as const).filter((name) => values[name].length > MOST_WELCOME)
  return [
    ...texts.flatMap((name) => requireText(name, values[name])),
    ...(isPhone ? [] : [{ name: 'phone', code: 'phone' }]),
    ...tooLong.map((name) => ({ name, code: 'too-long' })),
  ]
}

/** The Organization with this branding, everything else of it kept. */
export function withBranding<T extends Organization>(organization: T, values: Branding): T {
  const text = (url: keyof Branding): Extension => ({ url, valueString: values[url].trim() })
  const branding: Extension = {
    url: EXTENSION.branding,
    extension: [
      text('displayName'),
      { url: 'accent', valueCode: values.accent },
      text('phone'),
      text('welcome'),
      text('welcomeEs'),
    ],
  }
  const others = (organization.extension ?? []).filter(({ url }) => url !== EXTENSION.branding)
  return { ...organization, extension: [...others, branding] }
}
