import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../testing/store.ts'
import { INDEX_TABLES } from './index-writes.ts'
import { remove } from './write.ts'
import { findResource } from '../store/store.ts'

let changed: TestStore
let direct: TestStore
beforeAll(() => {
  changed = openTestStore()
  direct = openTestStore()
})
afterAll(() => {
  changed.close()
  direct.close()
})

/** Every index row of a resource, without the number of the resource. */
function rowsOf({ store }: TestStore, type: string, id: string): string[] {
  const pk = findResource(store, type, id)?.pk ?? 0
  const tables = [...INDEX_TABLES, 'busy']
  return tables
    .flatMap((table) =>
      store.db.all(`SELECT * FROM ${table} WHERE r = ?`, pk).map(({ r: _r, t, ...row }) => {
        const text = table === 'ix_text' ? store.db.get('SELECT v FROM txt WHERE id = ?', t ?? 0) : t
        return `${table} ${JSON.stringify({ ...row, text })}`
      }),
    )
    .toSorted()
}

const coding = fc.record({
  system: fc.constantFrom('urn:a', 'urn:b'),
  code: fc.constantFrom('x', 'y'),
  display: fc.constantFrom('One', 'Two'),
})
const quantity = fc.record({ value: fc.integer({ min: 1, max: 3 }), unit: fc.constantFrom('mg', 'kg') })
const moment = fc.constantFrom('2026-01-01T09:00:00Z', '2026-01-01T10:00:00Z', '2026-02-01T09:00:00Z')
const reference = fc.record({ reference: fc.constantFrom('Patient/1', 'Patient/2', 'Schedule/1') })
const content = fc.record({
  status: fc.constantFrom('final', 'busy', 'free', 'booked'),
  code: fc.record({ coding: fc.array(coding, { maxLength: 3 }) }),
  subject: reference,
  schedule: reference,
  effectiveDateTime: moment,
  start: moment,
  end: moment,
  valueQuantity: quantity,
  component: fc.array(
    fc.record({ code: fc.record({ coding: fc.array(coding, { maxLength: 2 }) }), valueQuantity: quantity }),
    {
      maxLength: 3,
    },
  ),
  participant: fc.array(fc.record({ actor: reference }), { maxLength: 3 }),
})

test('however often a resource was changed or deleted, its index rows are those of its last version', () => {
  let counter = 0
  fc.assert(
    fc.property(
      fc.constantFrom('Observation', 'Slot', 'Appointment'),
      fc.array(fc.option(content), { minLength: 1, maxLength: 5 }),
      content,
      (resourceType, versions, last) => {
        counter += 1
        const id = `r${counter}`
        for (const version of [...versions, last]) {
          const found = findResource(changed.store, resourceType, id)
          if (version !== null) changed.put({ resourceType, id, ...version })
          else if (found?.isDeleted === false) remove(changed.store, resourceType, id, found)
        }
        direct.put({ resourceType, id, ...last })
        expect(rowsOf(changed, resourceType, id)).toEqual(rowsOf(direct, resourceType, id))
      },
    ),
    { numRuns: 300 },
  )
})
