import type { Bundle, CapabilityStatement, Parameters, Resource, ResourceType } from '@medplum/fhirtypes'

import { errorFromResponse, FhirError, FhirTransportError } from './errors.ts'
import { isResource, pause, segment } from './request-parts.ts'
import {
  type IncludedBy,
  type IncludeName,
  pageOf,
  type ResourceOf,
  type RevIncludeName,
  searchParameters,
  type SearchPage,
  type SearchQuery,
} from './search.ts'
import type { TransactionBuilder } from './transaction.ts'
import type { FhirRequest, FhirResponse, FhirTransport } from './transport.ts'

/** A resource as the server stores it: with an id and a version. Updates take nothing less, so none can overwrite unseen changes. */
export type Versioned<T extends Resource = Resource> = T & {
  id: string
  meta: NonNullable<T['meta']> & { versionId: string }
}

/** Options of every request. */
export type RequestOptions = {
  signal?: AbortSignal | undefined
  timeoutMs?: number | undefined
  headers?: Record<string, string> | undefined
}
/** An operation at type level (`type`), instance level (`type` and `id`) or system level (neither). */
export type OperationCall = RequestOptions & {
  type?: ResourceType
  id?: string
  /** With its `$`. */
  name: `$${string}`
  parameters?: Parameters | undefined
  /** GET with a query instead of POST with Parameters. */
  query?: Record<string, string> | undefined
  idempotencyKey?: string | undefined
}

type Call = Omit<FhirRequest, 'signal' | 'headers'> & { options: RequestOptions; repeatable: boolean }

const FHIR_JSON = 'application/fhir+json'
const PATCH_JSON = 'application/json-patch+json'
const RETRY_DELAYS_MS = [120, 480]

/** JSON Patch operation (RFC 6902). */
export type PatchOperation = {
  op: 'add' | 'remove' | 'replace' | 'test' | 'copy' | 'move'
  path: string
  value?: unknown
  from?: string
}

/** Typed FHIR R4 client over any transport. Failures are `FhirError`s. */
export class FhirClient {
  readonly #transport: FhirTransport
  readonly #timeoutMs: number

  constructor(transport: FhirTransport, options: { timeoutMs?: number } = {}) {
    this.#transport = transport
    this.#timeoutMs = options.timeoutMs ?? 15_000
  }

  get baseUrl(): string {
    return this.#transport.baseUrl
  }

  /** Reads one resource; `not-found` or `gone` when there is none. */
  async read<T extends ResourceType>(
    type: T,
    id: string,
    options: RequestOptions = {},
  ): Promise<Versioned<ResourceOf<T>>> {
    return this.#body({
      method: 'GET',
      path: `${type}/${segment(id)}`,
      resourceType: type,
      options,
      repeatable: true,
    })
  }

  /** Reads one stored version. */
  async readVersion<T extends ResourceType>(
    type: T,
    id: string,
    versionId: string,
    options: RequestOptions = {},
  ): Promise<Versioned<ResourceOf<T>>> {
    const path = `${type}/${segment(id)}/_history/${segment(versionId)}`
    return this.#body({ method: 'GET', path, resourceType: type, options, repeatable: true })
  }

  /** History of one resource, newest first. */
  async history(type: ResourceType, id: string, options: RequestOptions = {}): Promise<Bundle> {
    return this.#body({
      method: 'GET',
      path: `${type}/${segment(id)}/_history`,
      resourceType: type,
      options,
      repeatable: true,
    })
  }

  /** First page of a search. Sent by POST, so that no health data stands in an address or a log. */
  async search<T extends ResourceType, I extends IncludeName = never, R extends RevIncludeName = never>(
    type: T,
    query: SearchQuery<T, I, R>,
    options: RequestOptions = {},
  ): Promise<SearchPage<Versioned<ResourceOf<T>>, Versioned<IncludedBy<I, R>>>> {
    const bundle = await this.#body<Bundle>({
      method: 'POST',
      path: `${type}/_search`,
      body: searchParameters(query).toString(),
      resourceType: type,
      options: {
        ...options,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...options.headers },
      },
      repeatable: true,
    })
    return pageOf(bundle, this.baseUrl)
  }

  /** All pages of a search, one after the other. */
  async *pages<T extends ResourceType, I extends IncludeName = never, R extends RevIncludeName = never>(
    type: T,
    query: SearchQuery<T, I, R>,
    options: RequestOptions = {},
  ): AsyncGenerator<SearchPage<Versioned<ResourceOf<T>>, Versioned<IncludedBy<I, R>>>> {
    let page = await this.search(type, query, options)
    yield page
    while (page.next !== undefined) {
      page = await this.page(type, page.next, options)
      yield page
    }
  }

  /** The page behind a `next` link of an earlier one. */
  async page<T extends ResourceType, Included extends Resource>(
    type: T,
    next: string,
    options: RequestOptions = {},
  ): Promise<SearchPage<Versioned<ResourceOf<T>>, Included>> {
    const bundle = await this.#body<Bundle>({
      method: 'GET',
      path: next,
      resourceType: type,
      options,
      repeatable: true,
    })
    return pageOf(bundle, this.baseUrl)
  }

  /** Every match of a search over all pages. For sets known to be small; lists on screen page instead. */
  async searchAll<T extends ResourceType>(
    type: T,
    query: SearchQuery<T>,
    options: RequestOptions = {},
  ): Promise<Versioned<ResourceOf<T>>[]> {
    const all: Versioned<ResourceOf<T>>[] = []
    for await (const page of this.pages(type, query, options)) all.push(...page.resources)
    return all
  }

  /** Creates a resource; with `ifNoneExist` only when nothing matches that query. */
  async create<T extends Resource>(
    resource: T,
    options: RequestOptions & { ifNoneExist?: string } = {},
  ): Promise<Versioned<T>> {
    const headers = {
      ...options.headers,
      ...(options.ifNoneExist ? { 'if-none-exist': options.ifNoneExist } : {}),
    }
    return this.#body({
      method: 'POST',
      path: resource.resourceType,
      body: JSON.stringify(resource),
      resourceType: resource.resourceType,
      options: { ...options, headers },
      repeatable: options.ifNoneExist !== undefined,
    })
  }

  /** Updates the version that `resource` was read as; `precondition-failed` when another one is stored. */
  async update<T extends Resource>(
    resource: Versioned<T>,
    options: RequestOptions = {},
  ): Promise<Versioned<T>> {
    return this.#body({
      method: 'PUT',
      path: `${resource.resourceType}/${segment(resource.id)}`,
      body: JSON.stringify(resource),
      resourceType: resource.resourceType,
      options: { ...options, headers: { ...options.headers, 'if-match': `W/"${resource.meta.versionId}"` } },
      repeatable: false,
    })
  }

  /** Applies a JSON Patch to exactly this version. */
  async patch<T extends ResourceType>(
    type: T,
    id: string,
    versionId: string,
    operations: PatchOperation[],
    options: RequestOptions = {},
  ): Promise<Versioned<ResourceOf<T>>> {
    return this.#body({
      method: 'PATCH',
      path: `${type}/${segment(id)}`,
      body: JSON.stringify(operations),
      resourceType: type,
      options: {
        ...options,
        headers: { ...options.headers, 'content-type': PATCH_JSON, 'if-match': `W/"${versionId}"` },
      },
      repeatable: false,
    })
  }

  /** Deletes exactly this version. */
  async delete(
    type: ResourceType,
    id: string,
    versionId: string,
    options: RequestOptions = {},
  ): Promise<void> {
    await this.send({
      method: 'DELETE',
      path: `${type}/${segment(id)}`,
      resourceType: type,
      options: { ...options, headers: { ...options.headers, 'if-match': `W/"${versionId}"` } },
      repeatable: false,
    })
  }

  /** Calls a FHIR operation and gives its answer. With an idempotency key it may be repeated safely, and is. */
  async operation<Answer extends Resource>(call: OperationCall): Promise<Answer> {
    const level = [call.type, call.id === undefined ? undefined : segment(call.id), call.name].filter(
      (part) => part !== undefined,
    )
    const search = new URLSearchParams(call.query).toString()
    const query = search ? `?${search}` : ''
    const asGet = call.query !== undefined
    const headers = {
      ...call.headers,
      ...(call.idempotencyKey ? { 'idempotency-key': call.idempotencyKey } : {}),
    }
    return this.#body({
      method: asGet ? 'GET' : 'POST',
      path: `${level.join('/')}${query}`,
      ...(asGet ? {} : { body: JSON.stringify(call.parameters ?? { resourceType: 'Parameters' }) }),
      resourceType: call.type ?? 'system',
      options: { ...call, headers },
      repeatable: asGet || call.idempotencyKey !== undefined || call.name.startsWith('$find'),
    })
  }

  /** Sends a batch `Bundle`: entries succeed or fail one by one. */
  async batch(bundle: Bundle, options: RequestOptions = {}): Promise<Bundle> {
    return this.#bundle(bundle, options)
  }

  /** Sends one atomic transaction. */
  async transaction(transaction: TransactionBuilder, options: RequestOptions = {}): Promise<Bundle> {
    return this.#bundle(transaction.toBundle(), options)
  }

  async capabilities(options: RequestOptions = {}): Promise<CapabilityStatement> {
    return this.#body({ method: 'GET', path: 'metadata', resourceType: 'system', options, repeatable: true })
  }

  /** Any request, with its whole answer. Throws a `FhirError` for a status of 400 and more. */
  async send(call: Call): Promise<FhirResponse> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#sendOnce(call)
      } catch (error) {
        const delayMs = RETRY_DELAYS_MS[attempt]
        const mayRetry =
          call.repeatable && error instanceof FhirError && error.retryable && delayMs !== undefined
        if (!mayRetry || (error.retryAfterSeconds ?? 0) > 2) throw error
        await pause(delayMs * (0.5 + Math.random()), call.options.signal)
      }
    }
  }

  async #sendOnce({ options, ...call }: Call): Promise<FhirResponse> {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? this.#timeoutMs)
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
    const headers: Record<string, string> = {
      accept: FHIR_JSON,
      ...(call.body === undefined ? {} : { 'content-type': FHIR_JSON }),
      ...options.headers,
    }
    let response: FhirResponse
    try {
      response = await this.#transport.send({ ...call, headers, signal })
    } catch (cause) {
      if (options.signal?.aborted) throw options.signal.reason
      if (cause instanceof FhirError) throw cause
      throw new FhirTransportError(timeout.aborted ? 'timeout' : 'unavailable', { ...call, cause })
    }
    if (response.status >= 400) throw errorFromResponse(call, response)
    return response
  }

  async #body<Answer extends Resource>(call: Call): Promise<Answer> {
    const { body, status, headers } = await this.send(call)
    if (!isResource(body))
      throw new FhirTransportError('unexpected-response', {
        ...call,
        status,
        correlationId: headers.get('x-correlation-id') ?? undefined,
      })
    return body as Answer
  }

  #bundle(bundle: Bundle, options: RequestOptions): Promise<Bundle> {
    return this.#body({
      method: 'POST',
      path: '',
      body: JSON.stringify(bundle),
      resourceType: 'system',
      options,
      repeatable: false,
    })
  }
}
