import { definitions } from '../definitions/definitions.ts'
import { BEGINNING, END } from '../fhir/dates.ts'
import { isObject, parseBody } from '../fhir/json.ts'
import { parseLocalReference } from '../fhir/references.ts'
import { compartmentParameters } from '../operations/compartment.ts'
import { readCriteria } from '../operations/criteria.ts'
import type { SqlPart } from '../parameters/condition.ts'
import { planSearch } from '../search/plan.ts'
import { nestedSql } from '../search/sql.ts'
import { findResource, type Store } from '../store/store.ts'
import type { ExportQuestion } from './export-question.ts'

/** Whose resources: undefined means everybody's. */
export type Members = Set<string> | undefined

/** The active members of a Group, of an export of named persons these. */
export function membersOf(store: Store, question: ExportQuestion): Members {
  const named = question.patients === undefined ? undefined : new Set(question.patients)
  if (question.group === undefined) return named
  const group = findResource(store, 'Group', question.group)
  const members = new Set<string>()
  const list = group === undefined || group.isDeleted ? [] : parseBody(group.body)['member']
  for (const member of Array.isArray(list) ? list : []) {
    if (!isObject(member) || member['inactive'] === true) continue
    const entity = isObject(member['entity']) ? member['entity']['reference'] : undefined
    const local = typeof entity === 'string' ? parseLocalReference(entity, store.base) : undefined
    if (local?.type === 'Patient' && named?.has(local.id) !== false) members.add(local.id)
  }
  return members
}

/** The types to go through: those that are stored and asked for, what belongs to persons first. */
export function typesOf(store: Store, question: ExportQuestion): { own: string[]; supporting: string[] } {
  const stored = store.db
    .all<{ rt: string }>('SELECT DISTINCT rt FROM res')
    .map((row) => row.rt)
    .filter((type) => question.types?.includes(type) !== false)
  if (question.level === 'system') return { own: stored, supporting: [] }
  const isOwn = (type: string) =>
    type === 'Patient' || compartmentParameters(store, 'Patient', new Set([type])).length > 0
  return { own: stored.filter(isOwn), supporting: stored.filter((type) => !isOwn(type)) }
}

/** The bodies of one type that an export holds. */
export function selectionSql(
  store: Store,
  question: ExportQuestion,
  type: string,
  members: Members,
): SqlPart {
  const parts = [changedSql(question, type)]
  if (question.level !== 'system') parts.push(ofMembers(store, type, members))
  const filters = (question.filters ?? []).map((one) => readCriteria(one, '_typeFilter'))
  const own = filters
    .filter((filter) => filter.type === type)
    .map((filter) => nestedSql(planSearch(store, filter)))
  if (own.length > 0) {
    parts.push({
      sql: `res.pk IN (${own.map((one) => `SELECT * FROM (${one.sql})`).join(' UNION ')})`,
      args: own.flatMap((one) => one.args),
    })
  }
  return {
    sql: `SELECT res.body AS body FROM res WHERE ${parts.map((part) => part.sql).join(' AND ')}`,
    args: parts.flatMap((part) => part.args),
  }
}

/** The bodies of one type that were referred to, but for those that are another person's. */
export function supportingSql(
  question: ExportQuestion,
  type: string,
  ids: string[],
  members: Members,
): SqlPart {
  const changed = changedSql(question, type)
  const others = members === undefined ? '' : ' AND o.i NOT IN (SELECT value FROM json_each(?))'
  return {
    sql: `SELECT res.body AS body FROM res WHERE ${changed.sql} AND res.id IN (SELECT value FROM json_each(?))
      AND NOT EXISTS (SELECT 1 FROM ix_ref o WHERE o.r = res.pk AND o.t = 'Patient'${others})`,
    args: [
      ...changed.args,
      JSON.stringify(ids),
      ...(members === undefined ? [] : [JSON.stringify([...members])]),
    ],
  }
}

function changedSql({ sinceMs, untilMs }: ExportQuestion, type: string): SqlPart {
  return {
    sql: 'res.rt = ? AND res.del = 0 AND res.upd >= ? AND res.upd <= ?',
    args: [type, sinceMs ?? BEGINNING, untilMs ?? END],
  }
}

function ofMembers(store: Store, type: string, members: Members): SqlPart {
  const ids = members === undefined ? undefined : JSON.stringify([...members])
  if (type === 'Patient')
    return ids === undefined
      ? { sql: '1', args: [] }
      : { sql: 'res.id IN (SELECT value FROM json_each(?))', args: [ids] }
  const parameters = JSON.stringify(compartmentParameters(store, 'Patient', new Set([type])))
  return ids === undefined
    ? {
        sql: "EXISTS (SELECT 1 FROM ix_ref x WHERE x.r = res.pk AND x.t = 'Patient' AND +x.p IN (SELECT value FROM json_each(?)))",
        args: [parameters],
      }
    : {
        sql: `res.pk IN (SELECT x.r FROM json_each(?) AS p CROSS JOIN json_each(?) AS m
          CROSS JOIN ix_ref x ON x.p = p.value AND x.i = m.value AND x.t = 'Patient')`,
        args: [parameters, ids],
      }
}

/** What was deleted in the time asked for, by type and id. */
export function deletedSql(question: ExportQuestion, type: string): SqlPart {
  return {
    sql: `SELECT res.id AS id, (SELECT c.patients FROM chg c WHERE c.rt = res.rt AND c.id = res.id ORDER BY c.seq DESC LIMIT 1) AS patients
      FROM res WHERE res.rt = ? AND res.del = 1 AND res.upd >= ? AND res.upd <= ?`,
    args: [type, question.sinceMs ?? BEGINNING, question.untilMs ?? END],
  }
}

export function elementsOf(question: ExportQuestion, type: string): Set<string> | undefined {
  const asked = [...(question.elements?.['*'] ?? []), ...(question.elements?.[type] ?? [])]
  if (asked.length === 0) return undefined
  const { elements = {}, requiredChoices = [] } = definitions.types[type] ?? {}
  const required = Object.entries(elements).flatMap(([name, rule]) =>
    rule.min > 0 || requiredChoices.includes(rule.choice ?? '') ? [name] : [],
  )
  return new Set([...asked, ...required])
}
