import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { Refusal } from './refusal.ts'
import type { Identity } from './token.ts'

/** People behind one address, such as a clinic's: as many times the limit of one person. */
const PEOPLE_PER_ADDRESS = 20

declare module 'fastify' {
  interface FastifyRequest {
    limitKey: string
    limitHeaders: Record<string, string>
    /** One after the other: counted at once, entries of a batch would all see the last count. */
    counting: Promise<void> | undefined
  }
}

export type Limits = {
  address: (request: FastifyRequest) => Promise<void>
  person: (request: FastifyRequest, identity: Identity) => Promise<void>
}

type Counted = {
  isAllowed: boolean
  isExceeded?: boolean
  max?: number
  remaining?: number
  ttlInSeconds?: number
}

function note(request: FastifyRequest, counted: Counted): void {
  if (counted.max === undefined) return
  const seconds = String(counted.ttlInSeconds ?? 60)
  request.limitHeaders = {
    'ratelimit-limit': String(counted.max),
    'ratelimit-remaining': String(counted.remaining ?? 0),
    'ratelimit-reset': seconds,
  }
  if (counted.isExceeded) {
    throw new Refusal(429, 'throttled', 'Too many requests; wait a moment', {
      headers: { 'retry-after': seconds },
    })
  }
}

/** Counts requests per address and per person, and says in each answer what is left. */
export async function createLimits(app: FastifyInstance, perMinute: number): Promise<Limits> {
  await app.register(rateLimit, { global: false, cache: 20_000 })
  app.decorateRequest('limitKey', '')
  app.decorateRequest('limitHeaders')
  app.decorateRequest('counting')
  app.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.limitHeaders) reply.headers(request.limitHeaders)
  })
  const byAddress = app.createRateLimit({
    max: perMinute * PEOPLE_PER_ADDRESS,
    timeWindow: 60_000,
    keyGenerator: ({ ip }) => ip,
  })
  const byPerson = app.createRateLimit({
    max: perMinute,
    timeWindow: 60_000,
    keyGenerator: ({ limitKey }) => limitKey,
  })
  return {
    address: async (request) => note(request, await byAddress(request)),
    person: (request, { issuer, subject }) => {
      request.limitKey = JSON.stringify([issuer, subject])
      const counted = (request.counting ?? Promise.resolve()).then(async () =>
        note(request, await byPerson(request)),
      )
      request.counting = counted.catch(() => undefined)
      return counted
    },
  }
}
