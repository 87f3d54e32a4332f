import { FhirError } from '@openward/fhir-client'
import { QueryClient } from '@tanstack/react-query'

const MAX_RETRIES = 2

/** Fresh for half a minute, kept in memory only, repeated only where repeating can help; a changed record is never resent by itself. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 300_000,
        refetchOnWindowFocus: true,
        // when the record is away the client has tried again already: the screen says so at once, waits and goes on
        retry: (count, error) =>
          count < MAX_RETRIES &&
          error instanceof FhirError &&
          error.retryable &&
          error.code !== 'unavailable',
        retryDelay: (attempt, error) => {
          const asked = error instanceof FhirError ? error.retryAfterSeconds : undefined
          return Math.min(asked === undefined ? 500 * 2 ** attempt : asked * 1000, 10_000)
        },
      },
      mutations: { retry: false },
    },
  })
}
