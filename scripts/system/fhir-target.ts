import type { LoadTarget } from '@openward/population/load'

import { readRuntime } from './data-folder.ts'
import type { readSettings } from './env.ts'
import { Failure } from './failure.ts'

/** The FHIR base of one organization: of the system that runs here now, else the one named by FHIR_BASE_URL. */
export function requireFhirTarget(
  settings: ReturnType<typeof readSettings>,
  organization: string,
): LoadTarget {
  const runtime = readRuntime(settings.dataFolder)
  const template = runtime?.fhirBaseUrl ?? settings.FHIR_BASE_URL
  if (template === undefined) {
    throw new Failure(
      'Openward does not run here. Start it with npm start in another window, or name a server: FHIR_BASE_URL=<address>.',
    )
  }
  const token = runtime ? runtime.token : settings.FHIR_TOKEN
  return {
    baseUrl: template.replace('{organization}', organization).replace(/\/$/, ''),
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  }
}
