import { findSearchParam, type Composite, type SearchParam } from '../definitions/definitions.ts'
import { pairCondition, splitComposite } from '../parameters/composite.ts'
import { anyOf, inList, type IndexCondition, type SqlPart } from '../parameters/condition.ts'
import { compareRange, dateCondition, parseDateTest } from '../parameters/date.ts'
import { nearCondition } from '../parameters/near.ts'
import { numberCondition } from '../parameters/number.ts'
import { quantityCondition } from '../parameters/quantity.ts'
import { referenceCondition } from '../parameters/reference.ts'
import { stringCondition } from '../parameters/string.ts'
import { identifierOfTypeCondition, tokenCondition, tokenTextCondition } from '../parameters/token.ts'
import { tokenSetCondition } from '../parameters/token-sets.ts'
import { tokenValues } from '../parameters/token-values.ts'
import { uriCondition } from '../parameters/uri.ts'
import type { SqlValue } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { chainCondition, isReferredToByUrl, referredTo, type Nested } from './chains.ts'
import { numberOf, tableOf } from './numbers.ts'
import type { Filter } from './request.ts'

/** A condition on columns of `res`, or on the resource's number alone. */
export interface ColumnCondition {
  sql: (key: string) => string
  args: SqlValue[]
  needsResource: boolean
  /** Few enough to lead the search. */
  isSelective: boolean
}

/** The numbers `r` of the resources of the type searched that hold to it, each once. */
export interface SetCondition {
  set: SqlPart
  /** For one known resource, and the rows that `set` starts from: where other conditions leave few, it is looked up for each. */
  lookup?: { holds: (key: string) => SqlPart; start: SqlPart }
}

type Condition = IndexCondition | ColumnCondition | SetCondition

type Param = Extract<Filter, { kind: 'param' }>

/** What a filter asks of the tables. Several conditions must all hold; what an index can lead to comes as one of its own. */
export function conditionsOf(store: Store, filter: Filter, nested: Nested): Condition[] {
  switch (filter.kind) {
    case 'id': {
      const list = inList('res.id', filter.ids)
      return [{ sql: () => list.sql, args: list.args, needsResource: true, isSelective: true }]
    }
    case 'updated': {
      const test = anyOf(
        filter.values.map((value) =>
          compareRange(parseDateTest('_lastUpdated', value), 'res.upd', 'res.upd'),
        ),
      )
      return [{ sql: () => test.sql, args: test.args, needsResource: true, isSelective: false }]
    }
    case 'list':
      return [listCondition(store, filter)]
    case 'compartment':
      return [compartmentCondition(store, filter)]
    case 'missing':
      return [missingCondition(store, filter)]
    case 'has': {
      const inner = nested(filter.source, filter.filter)
      const set = referredTo(store, filter, inner)
      if (isReferredToByUrl(filter.source, filter.code, filter.targetType)) return [{ set }]
      return [{ set, lookup: { holds: (key) => refersTo(store, filter, key, nested), start: inner } }]
    }
    case 'chain':
      return [chainCondition(store, filter, nested)]
    case 'param':
      return filter.param.composite === undefined
        ? [paramCondition(store, filter)]
        : compositeConditions(store, filter, filter.param.composite)
  }
}

/** What a condition says of one resource, whose number is `key`. */
export function probeSql({ table, where, args, isProbeCheap }: IndexCondition, key: string): SqlPart {
  const sql = isProbeCheap
    ? `EXISTS (SELECT 1 FROM ${table} y WHERE ${where('y')} AND y.r = ${key})`
    : `${key} IN (SELECT y.r FROM ${table} y WHERE ${where('y')})`
  return { sql, args }
}

/** Whether something refers to one resource, whose number is `key`, that the filter behind `_has` selects. */
function refersTo(
  store: Store,
  filter: Extract<Filter, { kind: 'has' }>,
  key: string,
  nested: Nested,
): SqlPart {
  const parts = conditionsOf(store, filter.filter, nested).map((one): SqlPart => {
    if ('table' in one) return probeSql(one, 'h.r')
    if ('set' in one) return { sql: `h.r IN (${one.set.sql})`, args: one.set.args }
    if (!one.needsResource) return { sql: one.sql('h.r'), args: one.args }
    const inner = nested(filter.source, filter.filter)
    return { sql: `h.r IN (${inner.sql})`, args: inner.args }
  })
  return {
    sql: `EXISTS (SELECT 1 FROM res q CROSS JOIN ix_ref h ON h.p = ? AND h.i = q.id AND h.t = ? WHERE q.pk = ${key} AND ${parts.map((part) => part.sql).join(' AND ')})`,
    args: [
      numberOf(store, filter.source, filter.code),
      filter.targetType,
      ...parts.flatMap((part) => part.args),
    ],
  }
}

function listCondition(store: Store, { type, ids }: Extract<Filter, { kind: 'list' }>): SetCondition {
  const lists = inList('l.id', ids)
  const sql = `SELECT DISTINCT t.pk AS r FROM res l CROSS JOIN ix_ref e ON e.r = l.pk AND e.p = ? AND e.t = ?
    CROSS JOIN res t ON t.rt = ? AND t.id = e.i AND t.del = 0 WHERE l.rt = 'List' AND ${lists.sql} AND l.del = 0`
  return { set: { sql, args: [numberOf(store, 'List', 'item'), type, type, ...lists.args] } }
}

function compartmentCondition(store: Store, filter: Extract<Filter, { kind: 'compartment' }>): Condition {
  const { type, compartment, id, codes } = filter
  const numbers = codes.map((code) => numberOf(store, type, code))
  const list = inList('x.p', numbers)
  const linked = {
    sql: `SELECT x.r AS r FROM ix_ref x WHERE ${list.sql} AND x.i = ? AND x.t = ?`,
    args: [...list.args, id, compartment],
  }
  if (type === compartment) {
    const self = {
      sql: 'SELECT s.pk AS r FROM res s WHERE s.rt = ? AND s.id = ? AND s.del = 0',
      args: [type, id],
    }
    if (codes.length === 0) return { set: self }
    return { set: { sql: `${self.sql} UNION ${linked.sql}`, args: [...self.args, ...linked.args] } }
  }
  return {
    table: 'ix_ref',
    where: (alias) => `${inList(`${alias}.p`, numbers).sql} AND ${alias}.i = ? AND ${alias}.t = ?`,
    args: linked.args,
    isProbeCheap: true,
    canRepeat: codes.length > 1,
  }
}

function missingCondition(store: Store, filter: Extract<Filter, { kind: 'missing' }>): ColumnCondition {
  const { table, p } = tableOf(store, filter.type, filter.code)
  const not = filter.isMissing ? 'NOT ' : ''
  const hasIndexByResource = table !== 'ix_tok' && table !== 'ix_uri'
  const hasValue = (key: string) =>
    hasIndexByResource
      ? `EXISTS (SELECT 1 FROM ${table} m WHERE m.r = ${key} AND m.p = ?)`
      : `${key} IN (SELECT m.r FROM ${table} m WHERE m.p = ?)`
  // What is there and says nothing searchable has a row of its own (`extract.ts`).
  const sql = (key: string) =>
    `${not}(${hasValue(key)} OR EXISTS (SELECT 1 FROM ix_tok k WHERE k.p = ? AND k.v = '' AND k.r = ${key}))`
  return { sql, args: [p, p], needsResource: false, isSelective: false }
}

function paramCondition(store: Store, filter: Param): Condition {
  const { type, code, param, modifier, values } = filter
  if (modifier === 'not') return negated(plainCondition(store, { ...filter, modifier: undefined }))
  const p = numberOf(store, type, code)
  if (modifier === 'text' && param.type === 'token') return tokenTextCondition(p, values)
  if (modifier === 'not-in')
    return negated(tokenSetCondition(store, p, { code, param, values, modifier: 'in' }))
  if (modifier === 'in' || (param.type === 'token' && (modifier === 'below' || modifier === 'above')))
    return tokenSetCondition(store, p, { code, param, values, modifier })
  if (modifier === 'of-type') return identifierOfTypeCondition(p, code, values)
  return plainCondition(store, filter)
}

function negated(condition: IndexCondition): ColumnCondition {
  const sql = (key: string) => `NOT ${probeSql(condition, key).sql}`
  return { sql, args: condition.args, needsResource: false, isSelective: false }
}

function plainCondition(store: Store, { type, code, param, modifier, values }: Param): IndexCondition {
  const p = numberOf(store, type, code)
  const isSingle = param.single === true
  switch (param.type) {
    case 'token':
      return tokenCondition(p, tokenValues(type, param, values), isSingle)
    case 'reference':
      return referenceCondition(p, code, values, modifier, store.base, isSingle)
    case 'string':
      return stringCondition(p, code, values, modifier)
    case 'date':
      return dateCondition(p, code, values, isSingle)
    case 'number':
      return numberCondition(p, code, values)
    case 'quantity':
      return quantityCondition(p, code, values)
    case 'uri':
      return uriCondition(p, values, modifier)
    case 'special':
      return nearCondition(p, code, values)
    case 'composite':
      throw new Error('A composite parameter has conditions of its own.')
  }
}

/**
 * A combination is looked for wherever one element can hold it: in the rows of elements that repeat, and by plain
 * parameters where there is only one element. What is not one index condition is led by the first value alone.
 */
function compositeConditions(store: Store, filter: Param, composite: Composite): Condition[] {
  const { type, code } = filter
  const split = filter.values.map((value) =>
    splitComposite(code, composite, value).map((part, at) => {
      const component = composite.components[at]
      if (component?.type !== 'token') return part
      return tokenValues(type, requireParam(type, component.code), [part])[0] ?? part
    }),
  )
  const values = split.map((parts) => parts.join('$'))
  const only = composite.parts[0]
  if (composite.parts.length === 1 && only !== undefined) {
    if ('rows' in only)
      return [pairCondition(numberOf(store, type, only.rows), code, composite, values, store.base)]
    if (split.length === 1) return plainConditions(store, type, only.params, split)
  }
  const sql = (key: string) => anyOf(choices(key)).sql
  const first = composite.components[0]?.code ?? ''
  return [
    ...plainConditions(store, type, [first], split),
    { sql, args: anyOf(choices('')).args, needsResource: false, isSelective: false },
  ]

  function choices(key: string): SqlPart[] {
    return composite.parts.flatMap((part) => {
      if ('rows' in part)
        return [
          probeSql(pairCondition(numberOf(store, type, part.rows), code, composite, values, store.base), key),
        ]
      return split.map((given) => {
        const all = plainConditions(store, type, part.params, [given]).map((one) => probeSql(one, key))
        return { sql: `(${all.map((one) => one.sql).join(' AND ')})`, args: all.flatMap((one) => one.args) }
      })
    })
  }
}

/** One condition for each parameter, satisfied by its value in any of the combinations. */
function plainConditions(
  store: Store,
  type: string,
  codes: string[],
  combinations: string[][],
): IndexCondition[] {
  return codes.map((code, at) => {
    const param = requireParam(type, code)
    const values = combinations.map((values) => values[at] ?? '')
    return plainCondition(store, { kind: 'param', type, code, param, modifier: undefined, values })
  })
}

function requireParam(type: string, code: string): SearchParam {
  const param = findSearchParam(type, code)
  if (param === undefined) throw new Error('A composite parameter names one that is not there.')
  return param
}
