import type { AuditEntry } from '#/lib/audit-event.ts'
import { failureOf, notFound, Refusal } from '#/lib/refusal.ts'
import type { Session } from '#/lib/session.ts'
import { runBundle } from './bundle.ts'
import { type Asked, type FhirAnswer, type FhirCall, requireType, type Rest } from './call.ts'
import { history, read } from './read.ts'
import { runOperation } from './run-operation.ts'
import { search } from './search.ts'
import { write } from './write.ts'

function wrongMethod(allow: string): Refusal {
  return new Refusal(405, 'not-supported', 'This address takes another method', { headers: { allow } })
}

function ofType(rest: Rest, call: FhirCall, typeName: string): Promise<FhirAnswer> {
  const type = requireType(typeName)
  if (call.method === 'GET') return search(rest, call, type)
  if (call.method === 'POST') return write(rest, call, type)
  throw wrongMethod('GET, HEAD, POST')
}

function ofInstance(rest: Rest, call: FhirCall, typeName: string, id: string): Promise<FhirAnswer> {
  const type = requireType(typeName)
  if (id === '_search') {
    if (call.method !== 'POST') throw wrongMethod('POST')
    return search(rest, call, type)
  }
  if (id.startsWith('$')) return runOperation(rest, call, { type, name: id })
  if (id.startsWith('_'))
    throw new Refusal(400, 'not-supported', 'History is offered for one resource at a time')
  if (call.method === 'GET') return read(rest, call, type, id)
  if (call.method !== 'POST') return write(rest, call, type, id)
  throw wrongMethod('GET, HEAD, PUT, PATCH, DELETE')
}

async function route(rest: Rest, call: FhirCall): Promise<FhirAnswer> {
  const [first = '', second, third, fourth, ...further] = call.path
  if (further.length > 0) throw notFound()
  if (first === '') {
    if (call.method !== 'POST') throw new Refusal(400, 'not-supported', 'Search one type at a time')
    return runBundle(rest, call, dispatch)
  }
  if (second === undefined) {
    return first.startsWith('$') ? runOperation(rest, call, { name: first }) : ofType(rest, call, first)
  }
  if (third === undefined) return ofInstance(rest, call, first, second)
  const type = requireType(first)
  if (third.startsWith('$') && fourth === undefined)
    return runOperation(rest, call, { type, id: second, name: third })
  if (third !== '_history') throw notFound()
  if (call.method !== 'GET') throw wrongMethod('GET, HEAD')
  return fourth === undefined ? history(rest, call, type, second) : read(rest, call, type, second, fourth)
}

function interactionOf({ method, path = [] }: Asked): Pick<AuditEntry, 'interaction' | 'action'> {
  const isOperation = path.some((segment) => segment.startsWith('$'))
  if (isOperation) return { interaction: 'operation', action: 'E' }
  switch (method) {
    case 'POST':
      if (path[0] === '') return { interaction: 'batch', action: 'E' }
      return path[1] === '_search'
        ? { interaction: 'search-type', action: 'E' }
        : { interaction: 'create', action: 'C' }
    case 'PUT':
      return { interaction: 'update', action: 'U' }
    case 'PATCH':
      return { interaction: 'patch', action: 'U' }
    case 'DELETE':
      return { interaction: 'delete', action: 'D' }
    case 'GET':
      return path.length === 1
        ? { interaction: 'search-type', action: 'E' }
        : { interaction: 'read', action: 'R' }
  }
}

function refusedEntry(asked: Asked, status: number): AuditEntry {
  const { path = [], parameters = [] } = asked
  const [type = '', id] = path
  const isInstance =
    /^[A-Z][A-Za-z]{1,63}$/.test(type) && id !== undefined && /^[A-Za-z0-9\-.]{1,64}$/.test(id)
  const isSearch = parameters.length > 0
  return {
    ...interactionOf(asked),
    outcome: status >= 500 ? '8' : '4',
    patientIds: isInstance && type === 'Patient' ? [id] : [],
    entities: isInstance && type !== 'Patient' ? [`${type}/${id}`] : [],
    ...(isSearch
      ? { query: `${type.slice(0, 64)}?${new URLSearchParams([...parameters])}`.slice(0, 4000) }
      : {}),
  }
}

/** Records that a signed-in caller was refused, or that answering them failed. */
export async function auditRefusal(session: Session, asked: Asked, error: unknown): Promise<void> {
  const { status } = failureOf(error, session.correlationId)
  await session.audit(refusedEntry(asked, status))
}

/** Reads and answers one FHIR request; what cannot be read, is refused or fails is audited too. */
export async function dispatch(rest: Rest, read: () => FhirCall, asked: Asked): Promise<FhirAnswer> {
  let known = asked
  try {
    const call = read()
    known = call
    return await route(rest, call)
  } catch (error) {
    await auditRefusal(rest.session, known, error)
    throw error
  }
}
