import { isResourceType } from '../definitions/definitions.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import { newBudget, parseFilter, shown } from '../search/parse-filter.ts'
import type { Filter } from '../search/request.ts'

/** Which resources of one type: a search without anything about its answer. */
export interface Criteria {
  type: string
  filters: Filter[]
}

const MAX_PARAMETERS = 50

/** Reads `Type?code=…&status=…`; without parameters it means all of the type. `name` is told when it is refused. */
export function readCriteria(text: string, name: string): Criteria {
  const [type = '', query = ''] = text.split(/\?(.*)/s)
  if (!isResourceType(type)) throw invalidRequest(`"${name}" must be a search such as Condition?code=…`, name)
  const pairs = [...new URLSearchParams(query)]
  if (pairs.length > MAX_PARAMETERS)
    throw invalidRequest(`A search in "${name}" may have at most ${MAX_PARAMETERS} parameters.`, name)
  const budget = newBudget()
  const filters = pairs.map(([code, raw]) => {
    const filter = raw === '' ? undefined : parseFilter({ type, name: code, raw, depth: 0, budget })
    if (filter === undefined)
      throw invalidRequest(
        `The search parameter "${shown(code)}" cannot be asked of ${type} in "${name}".`,
        name,
      )
    return filter
  })
  return { type, filters }
}
