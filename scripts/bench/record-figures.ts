import { atMost, type Figure } from './bench.ts'
import type { Measured } from './record-measure.ts'
import type { Query } from './record-queries.ts'

const CONTROL = 'bare node:http'
const GROWTH = 2

const short = (value: number, digits: number) => (Number.isNaN(value) ? '' : value.toFixed(digits))

/** One row for each kind of request at each server. */
export function rowsOf(measured: readonly Measured[]): Record<string, string>[] {
  const control = measured.find(({ side }) => side === CONTROL)
  return measured
    .toSorted((a, b) => a.query.localeCompare(b.query) || a.side.localeCompare(b.side))
    .map((row) => ({
      query: row.query,
      server: row.side,
      entries: short(row.entries, 1),
      p50: short(row.p50, 3),
      p95: short(row.p95, 3),
      p99: short(row.p99, 3),
      '× control': short(row.p50 / (control?.p50 ?? Number.NaN), 1),
      '1 client/s': short(row.one, 0),
      '16 clients/s': short(row.sixteen, 0),
      'CPU ms': short(row.cpuMsPerRequest, 2),
    }))
}

/** The lines of the issue: p50 at the largest size beside the control, and how p95 grows from the smallest. */
export function figuresOf(
  measured: readonly Measured[],
  sizes: readonly number[],
  queries: readonly Query[],
): Figure[] {
  const [small, large] = [sizes[0], sizes.at(-1)]
  const control = measured.find(({ side }) => side === CONTROL)
  const targets = new Map(queries.map(({ name, targetMs }) => [name, targetMs]))
  return measured
    .filter(({ side }) => side.endsWith(`, ${large}`))
    .flatMap((row) => {
      const name = `${row.side}: ${row.query}`
      const targetMs = targets.get(row.query)
      const times = {
        what: `times bare node:http (${control?.p50.toFixed(3)} ms)`,
        value: row.p50 / (control?.p50 ?? Number.NaN),
      }
      const figures = targetMs === undefined ? [] : [atMost(`${name}, p50`, row.p50, targetMs, 'ms', times)]
      const before = measured.find(
        ({ side, query }) => query === row.query && side === row.side.replace(/\d+$/, String(small)),
      )
      if (before === undefined || before === row || Number.isNaN(row.entries)) return figures
      const growth = { what: 'p95 ms', value: row.steadyP95 }
      return [
        ...figures,
        atMost(
          `${name}, p95 against ${small} resources`,
          row.steadyP95 / before.steadyP95,
          GROWTH,
          'times',
          growth,
        ),
      ]
    })
}
