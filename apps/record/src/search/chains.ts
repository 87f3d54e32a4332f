import type { IndexCondition, SqlPart } from '../parameters/condition.ts'
import type { Store } from '../store/store.ts'
import { hasOwnUrl, isByUrl } from './by-url.ts'
import { numberOf } from './numbers.ts'
import type { Filter } from './request.ts'

/** The numbers of the resources of a type that a filter selects, to stand inside another query. */
export type Nested = (type: string, filter: Filter) => SqlPart

/** `subject:Patient.name`: references to what the rest of the chain finds. */
export function chainCondition(
  store: Store,
  filter: Extract<Filter, { kind: 'chain' }>,
  nested: Nested,
): IndexCondition {
  const { type, code } = filter
  const byUrl = isByUrl(type, code)
  const choices = filter.targets.flatMap((target) => {
    const inner = nested(target.type, target.filter)
    const literal = {
      sql: (alias: string) =>
        `(${alias}.t = ? AND ${alias}.i IN (SELECT c.id FROM res c WHERE c.pk IN (${inner.sql})))`,
      args: [target.type, ...inner.args],
    }
    if (!byUrl || !hasOwnUrl(target.type)) return [literal]
    const version = sameVersion(store, target.type)
    const named = {
      sql: (alias: string) =>
        `(substr(${alias}.t, 1, 1) = '|' AND EXISTS (SELECT 1 FROM ix_uri u WHERE u.p = ? AND u.v = ${alias}.i AND u.r IN (${inner.sql}) AND ${version.sql(alias)}))`,
      args: [numberOf(store, target.type, 'url'), ...inner.args, ...version.args],
    }
    return [literal, named]
  })
  return {
    table: 'ix_ref',
    where: (alias) => `${alias}.p = ? AND (${choices.map((one) => one.sql(alias)).join(' OR ')})`,
    args: [numberOf(store, type, code), ...choices.flatMap((one) => one.args)],
    isProbeCheap: true,
    canRepeat: true,
  }
}

/** `_has:Observation:patient:…`: what the resources found by `inner` refer to, each once. */
export function referredTo(
  store: Store,
  { source, code, targetType }: Extract<Filter, { kind: 'has' }>,
  inner: SqlPart,
): SqlPart {
  const p = numberOf(store, source, code)
  const literal = {
    sql: `SELECT DISTINCT t.pk AS r FROM (SELECT DISTINCT h.i AS i FROM (${inner.sql}) f CROSS JOIN ix_ref h ON h.r = f.r AND h.p = ? AND h.t = ?) g
        CROSS JOIN res t ON t.rt = ? AND t.id = g.i AND t.del = 0`,
    args: [...inner.args, p, targetType, targetType],
  }
  if (!isReferredToByUrl(source, code, targetType)) return literal
  const version = sameVersion(store, targetType)
  return {
    sql: `${literal.sql} UNION SELECT u.r FROM (${inner.sql}) f CROSS JOIN ix_ref h ON h.r = f.r AND h.p = ? AND substr(h.t, 1, 1) = '|'
        CROSS JOIN ix_uri u ON u.p = ? AND u.v = h.i AND ${version.sql('h')}`,
    args: [...literal.args, ...inner.args, p, numberOf(store, targetType, 'url'), ...version.args],
  }
}

export function isReferredToByUrl(source: string, code: string, targetType: string): boolean {
  return isByUrl(source, code) && hasOwnUrl(targetType)
}

/** The version that a canonical in a row of `ix_ref` asks for, if any, is that of the resource `u.r`. */
function sameVersion(store: Store, type: string): { sql: (alias: string) => string; args: SqlPart['args'] } {
  return {
    sql: (alias) =>
      `(${alias}.t = '|' OR EXISTS (SELECT 1 FROM ix_tok k WHERE k.p = ? AND k.v = substr(${alias}.t, 2) AND k.r = u.r))`,
    args: [numberOf(store, type, 'version')],
  }
}
