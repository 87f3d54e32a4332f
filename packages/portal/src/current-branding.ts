import type { Organization } from '@medplum/fhirtypes'
import { FhirClient, fetchTransport } from '@openward/fhir-client'
import { getTranslations } from 'next-intl/server'
import { cache } from 'react'

import { type Branding, brandingFrom } from './branding.ts'
import { bffOrigin } from './env.ts'

const TIMEOUT_MS = 1_500
const KEPT_MS = 5_000

let kept: { organization: Organization; untilMs: number } | undefined

async function readOrganization(): Promise<Organization | undefined> {
  const origin = bffOrigin()
  if (!origin) return undefined
  if (kept && kept.untilMs > Date.now()) return kept.organization
  try {
    const client = new FhirClient(fetchTransport({ baseUrl: `${origin}/fhir` }), { timeoutMs: TIMEOUT_MS })
    const organization = await client.operation<Organization>({
      type: 'Organization',
      name: '$branding',
      query: {},
    })
    kept = { organization, untilMs: Date.now() + KEPT_MS }
    return organization
  } catch {
    // a page must open although the record is away: the last known branding, or the portal's own name
    return kept?.organization
  }
}

/** The organisation's branding, for server components; read once per request. */
export const currentBranding = cache(async (): Promise<Branding> => {
  const branding = brandingFrom(await readOrganization())
  if (branding.displayName) return branding
  const t = await getTranslations('app')
  return { ...branding, displayName: t('title') }
})
