import type { Extracted } from '../parameters/extract.ts'
import type { Store } from '../store/store.ts'

/** The tables that hold a resource's index rows under the number `p` of a parameter. */
export const INDEX_TABLES = [
  'ix_tok',
  'ix_ref',
  'ix_date',
  'ix_str',
  'ix_num',
  'ix_uri',
  'ix_pair',
  'ix_text',
] as const

export function insertRows(store: Store, pk: number, { rows, primaryDate, busy }: Extracted): void {
  const { db } = store
  for (const [p, v, s] of rows.tok)
    db.run('INSERT OR IGNORE INTO ix_tok (p, v, r, s) VALUES (?, ?, ?, ?)', p, v, pk, s)
  for (const [p, i, t] of rows.ref) {
    db.run('INSERT OR IGNORE INTO ix_ref (p, i, d, r, t) VALUES (?, ?, ?, ?, ?)', p, i, primaryDate, pk, t)
  }
  for (const [p, lo, hi] of rows.date)
    db.run('INSERT OR IGNORE INTO ix_date (p, lo, r, hi) VALUES (?, ?, ?, ?)', p, lo, pk, hi)
  for (const [p, v, x] of rows.str)
    db.run('INSERT OR IGNORE INTO ix_str (p, v, r, x) VALUES (?, ?, ?, ?)', p, v, pk, x)
  for (const [p, lo, hi, s, c] of rows.num) {
    db.run('INSERT OR IGNORE INTO ix_num (p, lo, hi, r, s, c) VALUES (?, ?, ?, ?, ?, ?)', p, lo, hi, pk, s, c)
  }
  for (const [p, v] of rows.uri) db.run('INSERT OR IGNORE INTO ix_uri (p, v, r) VALUES (?, ?, ?)', p, v, pk)
  for (const [p, v, s, w, z, lo, hi] of rows.pair) {
    db.run(
      'INSERT OR IGNORE INTO ix_pair (p, v, r, s, w, z, lo, hi) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      p,
      v,
      pk,
      s,
      w,
      z,
      lo,
      hi,
    )
  }
  for (const [text, ps] of numbersByText(rows.text)) {
    const id = textNumber(store, text) ?? db.run('INSERT INTO txt (v) VALUES (?)', text).lastInsertRowid
    for (const p of ps) db.run('INSERT OR IGNORE INTO ix_text (t, p, r) VALUES (?, ?, ?)', id, p, pk)
  }
  for (const [o, k, lo, hi, id] of busy) {
    db.run('INSERT OR IGNORE INTO busy (o, k, lo, r, hi, id) VALUES (?, ?, ?, ?, ?, ?)', o, k, lo, pk, hi, id)
  }
}

export function deleteRows(store: Store, pk: number, { rows, primaryDate, busy }: Extracted): void {
  const { db } = store
  for (const [p, v, s] of rows.tok)
    db.run('DELETE FROM ix_tok WHERE p = ? AND v = ? AND r = ? AND s = ?', p, v, pk, s)
  for (const [p, i, t] of rows.ref) {
    db.run('DELETE FROM ix_ref WHERE p = ? AND i = ? AND d = ? AND r = ? AND t = ?', p, i, primaryDate, pk, t)
  }
  for (const [p, lo, hi] of rows.date)
    db.run('DELETE FROM ix_date WHERE p = ? AND lo = ? AND r = ? AND hi = ?', p, lo, pk, hi)
  for (const [p, v, x] of rows.str)
    db.run('DELETE FROM ix_str WHERE p = ? AND v = ? AND r = ? AND x = ?', p, v, pk, x)
  for (const [p, lo, hi, s, c] of rows.num) {
    db.run(
      'DELETE FROM ix_num WHERE p = ? AND lo = ? AND hi = ? AND r = ? AND s = ? AND c = ?',
      p,
      lo,
      hi,
      pk,
      s,
      c,
    )
  }
  for (const [p, v] of rows.uri) db.run('DELETE FROM ix_uri WHERE p = ? AND v = ? AND r = ?', p, v, pk)
  for (const [p, v] of rows.pair) db.run('DELETE FROM ix_pair WHERE p = ? AND v = ? AND r = ?', p, v, pk)
  for (const [text, ps] of numbersByText(rows.text)) {
    const id = textNumber(store, text)
    if (id === undefined) continue
    for (const p of ps) db.run('DELETE FROM ix_text WHERE t = ? AND p = ? AND r = ?', id, p, pk)
  }
  for (const [o, k, lo] of busy)
    db.run('DELETE FROM busy WHERE o = ? AND k = ? AND lo = ? AND r = ?', o, k, lo, pk)
}

function textNumber(store: Store, text: string): number | undefined {
  return store.db.get<{ id: number }>('SELECT id FROM txt WHERE v = ?', text)?.id
}

/** One text often names a code under several parameters. */
function numbersByText(rows: readonly (readonly [number, string])[]): Map<string, Set<number>> {
  const byText = new Map<string, Set<number>>()
  for (const [p, text] of rows) {
    const ps = byText.get(text)
    if (ps === undefined) byText.set(text, new Set([p]))
    else ps.add(p)
  }
  return byText
}
