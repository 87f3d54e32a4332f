import { EXTENSION, type FhirClient, getExtension } from '@openward/fhir-client'

const KEPT_MS = 300_000

export type SiteZones = (organization: string, fhir: FhirClient) => Promise<readonly string[]>

async function readZones(fhir: FhirClient): Promise<readonly string[]> {
  const places = await fhir.searchAll('Location', { _count: 500 })
  const zones = places.flatMap((place) => getExtension(place, EXTENSION.siteTimeZone)?.valueCode ?? [])
  return [...new Set(zones)]
}

/** The time zones of an organisation's sites, remembered for five minutes. */
export function createSiteZones(now: () => number): SiteZones {
  const kept = new Map<string, { zones: Promise<readonly string[]>; untilMs: number }>()
  return (organization, fhir) => {
    const hit = kept.get(organization)
    if (hit && hit.untilMs > now()) return hit.zones
    const zones = readZones(fhir)
    kept.set(organization, { zones, untilMs: now() + KEPT_MS })
    zones.catch(() => kept.delete(organization))
    return zones
  }
}
