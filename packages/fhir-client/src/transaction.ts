import type { Bundle, BundleEntry, Resource, ResourceType } from '@medplum/fhirtypes'

import type { Versioned } from './client.ts'

/** Collects the writes of one atomic transaction. Every update names the version it was made from. */
export class TransactionBuilder {
  readonly #entries: BundleEntry[] = []

  /** Adds a create; gives back the `urn:uuid:` by which other entries may refer to it. */
  create(resource: Resource, options: { ifNoneExist?: string } = {}): string {
    const fullUrl = `urn:uuid:${crypto.randomUUID()}`
    this.#entries.push({
      fullUrl,
      resource,
      request: {
        method: 'POST',
        url: resource.resourceType,
        ...(options.ifNoneExist ? { ifNoneExist: options.ifNoneExist } : {}),
      },
    })
    return fullUrl
  }

  /** Adds an update that fails the whole transaction when the stored version is another one. */
  update<T extends Resource>(resource: Versioned<T>): this {
    this.#entries.push({
      resource,
      request: {
        method: 'PUT',
        url: `${resource.resourceType}/${resource.id}`,
        ifMatch: `W/"${resource.meta.versionId}"`,
      },
    })
    return this
  }

  /** Adds a create under an id that must not be taken. */
  createWithId(resource: Resource & { id: string }): this {
    this.#entries.push({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}`, ifNoneMatch: '*' },
    })
    return this
  }

  /** Adds a delete of exactly this version. */
  delete(target: { resourceType: ResourceType; id: string; versionId: string }): this {
    this.#entries.push({
      request: {
        method: 'DELETE',
        url: `${target.resourceType}/${target.id}`,
        ifMatch: `W/"${target.versionId}"`,
      },
    })
    return this
  }

  get size(): number {
    return this.#entries.length
  }

  /** The transaction `Bundle`. */
  toBundle(): Bundle {
    return { resourceType: 'Bundle', type: 'transaction', entry: this.#entries }
  }
}
