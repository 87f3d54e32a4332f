import { isResourceType } from '../definitions/definitions.ts'
import { Refusal } from '../fhir/outcome.ts'
import { IMPORT } from '../bulk/import-operation.ts'
import { GROUP_EXPORT, JOB_FILE, JOB_STATUS, PATIENT_EXPORT, SYSTEM_EXPORT } from '../bulk/operations.ts'
import { PEOPLE_OPERATIONS } from '../people/operations.ts'
import { requireId, requireType } from '../writer/resource-writes.ts'
import { CHANGES } from './changes.ts'
import { ENCOUNTER_EVERYTHING, PATIENT_EVERYTHING } from './everything.ts'
import { FIND_BUSY } from './find-busy.ts'
import type { Level, Operation } from './operation.ts'
import { VALIDATE } from './validate.ts'

/** Every operation that this server has. */
const OPERATIONS: readonly Operation[] = [
  CHANGES,
  FIND_BUSY,
  PATIENT_EVERYTHING,
  ENCOUNTER_EVERYTHING,
  SYSTEM_EXPORT,
  PATIENT_EXPORT,
  GROUP_EXPORT,
  JOB_STATUS,
  JOB_FILE,
  IMPORT,
  ...PEOPLE_OPERATIONS,
  VALIDATE,
]

export interface FoundOperation {
  operation: Operation
  type: string | undefined
  id: string | undefined
}

/** `$name`, `Type/$name` or `Type/id/$name`; undefined when the path names no operation, refused when there is none of that name there. */
export function findOperation(method: string, path: readonly string[]): FoundOperation | undefined {
  const at = path.findIndex((part) => part.startsWith('$'))
  if (at < 0) return undefined
  const level: Level | undefined = (['system', 'type', 'instance'] as const)[at]
  const name = path[at]?.slice(1)
  const found = OPERATIONS.filter(
    (one) =>
      one.name === name &&
      level !== undefined &&
      path.length === at + 1 &&
      one.levels.includes(level) &&
      (at === 0 || one.types === undefined || one.types.includes(path[0] ?? '')),
  )
  if (found.length === 0) throw new Refusal(404, 'not-supported', 'There is no such operation.')
  const operation = found.find((one) => (one.methods as readonly string[]).includes(method))
  if (operation === undefined)
    throw new Refusal(405, 'not-supported', 'The operation is not called by this method.')
  return {
    operation,
    type: at === 0 ? undefined : requireType(path[0]),
    id: at < 2 ? undefined : requireId(path[1]),
  }
}

/** The operations to be told for a type, or for the whole server. */
export function operationsOf(type: string | undefined): { name: string; definition: string }[] {
  return OPERATIONS.flatMap(({ name, definition, levels, types }) => {
    const isHere =
      type === undefined
        ? levels.includes('system')
        : isResourceType(type) && levels.some((one) => one !== 'system') && types?.includes(type) !== false
    return isHere && definition !== undefined ? [{ name, definition }] : []
  })
}
