import type { Organization } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'
import type { FastifyInstance } from 'fastify'

import type { Deps } from '#/lib/deps.ts'

const KEPT_MS = 5_000

/** What may be known of an organisation before anyone has signed in: its name and how it shows itself. */
function publicPart({ id, name, extension }: Organization): Organization {
  const branding = getExtension({ extension }, EXTENSION.branding)
  return {
    resourceType: 'Organization',
    ...(id ? { id } : {}),
    ...(name ? { name } : {}),
    ...(branding ? { extension: [branding] } : {}),
  }
}

/**
 * `GET /fhir/Organization/$branding`, open to everyone: the public pages show the organisation's name, colour, phone and
 * welcome. Always the organisation that this install is for; the caller cannot name another.
 */
export function brandingRoutes({ bases, env, limits, now }: Deps) {
  let kept: { organization: Organization; untilMs: number } | undefined
  return async function register(app: FastifyInstance): Promise<void> {
    app.addHook('onRequest', async (request) => limits.address(request))
    app.get('/fhir/Organization/$branding', async (request, reply) => {
      if (!kept || kept.untilMs <= now()) {
        const fhir = bases.clientFor(env.FHIR_ORGANIZATION, request.id)
        const organization = await fhir.read('Organization', env.FHIR_ORGANIZATION, { timeoutMs: 2_000 })
        kept = { organization: publicPart(organization), untilMs: now() + KEPT_MS }
      }
      return reply
        .header('cache-control', 'no-store')
        .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
        .type('application/fhir+json; charset=utf-8')
        .send(JSON.stringify(kept.organization))
    })
  }
}
