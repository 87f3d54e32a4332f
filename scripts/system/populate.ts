import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatePopulation } from '@openward/population'
import { loadPopulation } from '@openward/population/load'
import { z } from 'zod'

import type { readSettings } from './env.ts'
import { Progress } from './progress.ts'
import { ORGANIZATIONS, type System } from './system.ts'

const SEED = 20_260_101

const markerSchema = z.object({
  size: z.union([z.string(), z.number()]),
  anchorDate: z.iso.date(),
  organizations: z.array(z.string()),
})

function markerPath(folder: string): string {
  return join(folder, 'population.json')
}

function readMarker(folder: string): z.infer<typeof markerSchema> | undefined {
  const path = markerPath(folder)
  if (!existsSync(path)) return undefined
  const parsed = markerSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  return parsed.success ? parsed.data : undefined
}

/**
 * Loads the synthetic population into the embedded record on first start. Every resource has its own id, so a load that
 * was interrupted is simply done again. A server named by FHIR_BASE_URL is somebody's own: it is never filled.
 */
export async function populate(
  system: System,
  settings: ReturnType<typeof readSettings>,
  now = new Date(),
): Promise<void> {
  if (settings.FHIR_BASE_URL !== undefined || readMarker(settings.dataFolder)) return
  const size = settings.OPENWARD_POPULATION
  const anchorDate = now.toISOString().slice(0, 10)
  const progress = new Progress('Loading synthetic people and visits')
  let before = 0
  for (const organization of ORGANIZATIONS) {
    let loaded = 0
    await loadPopulation({
      baseUrl: system.fhirBaseUrl.replace('{organization}', organization),
      headers: system.fhirToken ? { authorization: `Bearer ${system.fhirToken}` } : {},
      resources: generatePopulation({
        seed: SEED,
        anchorDate,
        now: now.getTime(),
        patients: size,
        organization,
      }),
      onProgress: (count: number) => {
        loaded = count
        progress.update(before + count, undefined, 'records')
      },
    })
    before += loaded
  }
  writeFileSync(
    markerPath(settings.dataFolder),
    JSON.stringify({ size, anchorDate, organizations: [...ORGANIZATIONS] }),
  )
  progress.finish()
}
