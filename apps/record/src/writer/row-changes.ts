import type { Extracted } from '../parameters/extract.ts'
import type { IndexRows } from '../parameters/index-rows.ts'

/** Which index rows of a resource go and which come: most of them stay when it is changed. */
export function rowChanges(old: Extracted, fresh: Extracted): { gone: Extracted; come: Extracted } {
  return { gone: without(old, fresh), come: without(fresh, old) }
}

/** Rows of these tables are deleted by less than all of their columns: they go and come together. */
const TOGETHER = new Set(['pair'])

function without(own: Extracted, other: Extracted): Extracted {
  const rows = Object.fromEntries(
    Object.entries(own.rows).map(([table, list]) => {
      const others = other.rows[table as keyof IndexRows]
      // Reference rows begin with the primary date: with another date all of them are others.
      const isMoved = table === 'ref' && own.primaryDate !== other.primaryDate
      if (isMoved) return [table, list]
      return [table, TOGETHER.has(table) ? allIfChanged(list, others) : missingIn(list, others)]
    }),
  ) as unknown as IndexRows
  return { ...own, rows, busy: allIfChanged(own.busy, other.busy) }
}

/** Infinity has no JSON. */
function textOf(row: unknown): string {
  return JSON.stringify(row, (_key, value: unknown) => (typeof value === 'number' ? String(value) : value))
}

function allIfChanged<T>(list: T[], other: readonly unknown[]): T[] {
  return textOf(list) === textOf(other) ? [] : list
}

function missingIn<T>(list: readonly T[], other: readonly unknown[]): T[] {
  const known = new Set(other.map(textOf))
  return list.filter((row) => !known.has(textOf(row)))
}
