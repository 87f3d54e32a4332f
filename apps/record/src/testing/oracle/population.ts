import type { Resource } from '@medplum/fhirtypes'
import { findResource } from '../../store/store.ts'
import { remove, WRITTEN_ONCE } from '../../writer/write.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { worldOf, type World } from './evaluate.ts'

export interface Population {
  record: TestStore
  world: World
}

export const BASE = 'http://record'

/**
 * Stores the resources; of those that are rewritten and deleted, only what is left may be found. What may be written only
 * once stays as it is.
 */
export function populate(
  resources: Resource[],
  rewritten: Resource[] = [],
  deleted: Resource[] = [],
): Population {
  const record = openTestStore()
  record.store.db.exec('BEGIN')
  const isChangeable = ({ resourceType }: Resource) => !WRITTEN_ONCE.has(resourceType)
  for (const resource of [...resources, ...rewritten.filter(isChangeable)]) record.put(resource)
  for (const { resourceType, id } of deleted.filter(isChangeable)) {
    const stored = findResource(record.store, resourceType, id ?? '')
    if (stored !== undefined) remove(record.store, resourceType, id ?? '', stored)
  }
  record.store.db.exec('COMMIT')
  const bodies = record.store.db.all<{ body: string }>('SELECT body FROM res WHERE del = 0 ORDER BY pk')
  return {
    record,
    world: worldOf(
      bodies.map(({ body }) => JSON.parse(body) as Resource),
      BASE,
    ),
  }
}
