import { decide } from '@openward/access'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { PassThrough } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'

import type { Change, ChangeFeed } from '#/lib/change-feed.ts'
import type { Deps } from '#/lib/deps.ts'
import { openSession } from '#/lib/open-session.ts'
import { badRequest, Refusal, refusalOf } from '#/lib/refusal.ts'
import type { Session } from '#/lib/session.ts'

const TOPICS = ['Appointment', 'Schedule'] as const
type Topic = (typeof TOPICS)[number]

const CHECK_AGAIN_MS = 30_000
const HEARTBEAT_MS = 15_000
const AFTER_TROUBLE_MS = 5000
const MOST_PER_PERSON = 20
const MOST_UNREAD_BYTES = 256 * 1024

/** May this caller hear of the change? Asked for every one, so that it follows what the caller may do now. */
function mayHear({ caller }: Session, topics: readonly Topic[], change: Change): boolean {
  const topic = topics.find((one) => one === change.type)
  if (topic === undefined) return false
  const decision = decide(caller, { kind: 'read', type: topic, id: change.id })
  if (decision.outcome === 'narrow') {
    // the feed has no content: what only the content can tell is not told
    return !decision.isConditional && change.patients.some((id) => decision.patientIds?.includes(id) === true)
  }
  return decision.outcome === 'allow'
}

function topicsOf(request: FastifyRequest): Topic[] {
  const asked = new URLSearchParams((request.raw.url ?? '').split('?')[1])
    .getAll('topic')
    .flatMap((one) => one.split(','))
  const topics = TOPICS.filter((topic) => asked.includes(topic))
  if (topics.length === 0 || topics.length < new Set(asked).size)
    throw badRequest(`topic is one of ${TOPICS.join(', ')}`, 'topic')
  return topics
}

type Listener = { session: Session; topics: readonly Topic[]; stream: PassThrough }

/** Writes to one listener until they leave, their token ends, or their rights do. */
async function follow(
  listener: Listener,
  feed: ChangeFeed,
  from: string | undefined,
  deps: Deps,
): Promise<void> {
  const { stream, topics } = listener
  const { organization } = listener.session.caller
  let position = from
  while (!stream.destroyed && !stream.writableEnded) {
    try {
      const { next, changes } = await feed.changesAfter(organization, position)
      for (const change of changes) {
        if (!mayHear(listener.session, topics, change)) continue
        const { type, id, versionId } = change
        stream.write(
          `event: change\ndata: ${JSON.stringify({ topic: type, type, id, version: versionId })}\n\n`,
        )
      }
      if (next !== position) stream.write(`id: ${next}\nevent: position\ndata: {}\n\n`)
      position = next
    } catch (err) {
      if (stream.destroyed || stream.writableEnded) return
      deps.log.warn({ err }, 'changes cannot be followed right now')
      await pause(AFTER_TROUBLE_MS)
    }
    if (stream.writableLength > MOST_UNREAD_BYTES) stream.destroy()
  }
}

/** Heartbeats, and every 30 seconds a look whether the caller still may listen. */
function keepWatch(listener: Listener, deps: Deps): () => void {
  const { stream, session } = listener
  const { identity, correlationId } = session
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS)
  const check = setInterval(async () => {
    try {
      listener.session = { ...session, caller: await deps.callerOf(identity, correlationId) }
    } catch (error) {
      if (error instanceof Refusal && error.status < 500) stream.end()
    }
  }, CHECK_AGAIN_MS)
  const expiry = setTimeout(() => stream.end(), Math.max(0, identity.expiresAt * 1000 - deps.now()))
  return () => {
    clearInterval(heartbeat)
    clearInterval(check)
    clearTimeout(expiry)
  }
}

/** `GET /events?topic=Appointment`: ids of what changed for this caller, as server-sent events; goes on after `Last-Event-ID`. */
export function eventRoutes(deps: Deps, feed: ChangeFeed) {
  const listening = new Map<string, Set<Listener>>()
  return async function register(app: FastifyInstance): Promise<void> {
    app.addHook('onRequest', async (request) => deps.limits.address(request))
    app.addHook('preClose', async () => {
      feed.stop()
      for (const { stream } of [...listening.values()].flatMap((own) => [...own])) stream.end()
    })
    app.get('/events', async (request, reply) => {
      const session = await openSession(deps, request, reply)
      const topics = topicsOf(request)
      for (const type of topics) {
        const decision = decide(session.caller, { kind: 'read', type, id: 'any' })
        if (decision.outcome === 'refuse') throw refusalOf(decision)
      }
      const person = JSON.stringify([session.caller.issuer, session.caller.subject])
      const own = listening.get(person) ?? new Set()
      if (own.size >= MOST_PER_PERSON)
        throw new Refusal(429, 'throttled', 'Too many open windows', { headers: { 'retry-after': '30' } })
      await session.audit({
        interaction: 'operation',
        action: 'R',
        outcome: '0',
        patientIds: [],
        query: `events?topic=${topics.join(',')}`,
      })
      const listener: Listener = { session, topics, stream: new PassThrough() }
      listening.set(person, own.add(listener))
      const stopWatch = keepWatch(listener, deps)
      listener.stream.once('close', () => {
        stopWatch()
        own.delete(listener)
        if (own.size === 0) listening.delete(person)
      })
      listener.stream.write(': listening\n\n')
      const last = request.headers['last-event-id']
      void follow(listener, feed, typeof last === 'string' ? last : undefined, deps)
      return reply
        .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' })
        .type('text/event-stream')
        .send(listener.stream)
    })
  }
}
