import type { Organization } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'

/** Accents that keep the contrast of every text (packages/ui). */
export const ACCENTS = ['teal', 'indigo', 'plum', 'forest'] as const
export type Accent = (typeof ACCENTS)[number]

/** How an organisation shows itself. Empty texts are "not recorded". */
export type Branding = {
  displayName: string
  accent: Accent
  phone: string
  welcome: string
  welcomeEs: string
}

function isAccent(code: string | undefined): code is Accent {
  return ACCENTS.some((accent) => accent === code)
}

/** Reads the `branding` extension; what it does not say is taken from the Organization's own name and phone. */
export function brandingFrom(organization: Organization | undefined): Branding {
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
