import { OPERATION_TABLE, ROLE_TABLE } from '@openward/access'

const OPEN = ['metadata', 'OperationDefinition', '.well-known']
const TYPES: ReadonlySet<string> = new Set([
  ...ROLE_TABLE.flatMap(({ scopes }) => scopes.map(({ type }) => type)),
  ...OPEN,
])
const OPERATIONS: ReadonlySet<string> = new Set([
  ...Object.keys(OPERATION_TABLE).map((key) => key.slice(key.indexOf('/') + 1)),
  '$branding',
])
const INTERACTIONS: ReadonlySet<string> = new Set(['_search', '_history', 'smart-configuration'])
const MOST_SEGMENTS = 5

/**
 * Where a request went, for the log: words that this server knows, and `:id` for everything that somebody typed, were it a
 * name. `prefixes` are the first segments of what is not FHIR.
 */
export function routeOf(url: string, prefixes: ReadonlySet<string>): string {
  const [first = '', ...segments] = (url.split('?')[0] ?? '').split('/').slice(1)
  if (first !== 'fhir') return prefixes.has(first) ? `/${first}` : '/:other'
  const known = segments.slice(0, MOST_SEGMENTS).map((segment, index) => {
    const isWord = OPERATIONS.has(segment) || (index === 0 ? TYPES.has(segment) : INTERACTIONS.has(segment))
    return isWord ? segment : ':id'
  })
  return ['/fhir', ...known].join('/')
}
