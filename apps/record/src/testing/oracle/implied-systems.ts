import { tryGetDataType, type TypedValue } from '@medplum/core'
import { readBundle } from './definitions.ts'

const systemsOfSet = new Map<string, string[]>()
for (const { resource } of readBundle('valuesets.json').entry ?? []) {
  if (resource?.resourceType !== 'ValueSet' || resource.url === undefined) continue
  const include = resource.compose?.include ?? []
  systemsOfSet.set(
    resource.url,
    include.flatMap(({ system }) => system ?? []),
  )
}

/** The systems that an element of type code has by the value set that it is bound to (search.html#token). */
export function impliedSystems(found: TypedValue): string[] {
  if (found.type !== 'code' || !('path' in found)) return []
  const [root = '', ...names] = String(found.path)
    .replace(/\[\d+\]/g, '')
    .split('.')
  let type = root
  let valueSet: string | undefined
  for (const name of names) {
    const element = tryGetDataType(type)?.elements[name]
    type = element?.type[0]?.code ?? ''
    valueSet = element?.binding?.strength === 'required' ? element.binding.valueSet : undefined
  }
  return systemsOfSet.get(valueSet?.split('|')[0] ?? '') ?? []
}
