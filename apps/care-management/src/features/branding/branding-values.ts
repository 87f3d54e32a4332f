import type { Extension, Organization } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'
import { type FieldProblem, requireText } from '#/lib/field-problems.ts'

export const ACCENTS = ['teal', 'indigo', 'plum', 'forest'] as const
export type Accent = (typeof ACCENTS)[number]

/** How the organisation shows itself to patients. */
export type BrandingValues = {
  displayName: string
  accent: Accent
  phone: string
  welcome: string
  welcomeEs: string
}

const MOST_WELCOME = 300

function isAccent(code: string | undefined): code is Accent {
  return ACCENTS.some((accent) => accent === code)
}

export function brandingFrom(organization: Organization | undefined): BrandingValues {
  const branding = getExtension(organization, EXTENSION.branding)
  const text = (url: string) => getExtension(branding, url)?.valueString ?? ''
  const accent = getExtension(branding, 'accent')?.valueCode
  return {
    displayName: text('displayName') || (organization?.name ?? ''),
    accent: isAccent(accent) ? accent : 'teal',
    phone: text('phone') || (organization?.telecom?.find(({ system }) => system === 'phone')?.value ?? ''),
    welcome: text('welcome'),
    welcomeEs: text('welcomeEs'),
  }
}

export function problemsOfBranding(values: BrandingValues): FieldProblem[] {
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
export function withBranding<T extends Organization>(organization: T, values: BrandingValues): T {
  const text = (url: keyof BrandingValues): Extension => ({ url, valueString: values[url].trim() })
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
