import { isResourceType } from '../../definitions/definitions.ts'
import { report, type FoundExtension, type Place } from '../report.ts'
import { checkProfile } from './check.ts'
import { coreTypeOf } from './core.ts'
import type { ProfileCheck } from './profile-check.ts'

/** An extension whose definition is stored must keep it, and stand where it may. */
export function checkStoredExtension(found: FoundExtension, check: ProfileCheck): void {
  const profile = check.known.profile(found.url)
  if (profile === undefined || profile.type !== 'Extension') return
  checkProfile(
    { value: found.value, companion: undefined, type: 'Extension', path: found.path },
    profile,
    check,
  )
  const names = namesOf(found.holder)
  const isAllowed = profile.contexts.some(({ type, expression }) => {
    if (type === 'fhirpath') return true
    if (type === 'extension')
      return found.holder.type === 'Extension' && found.holder.value['url'] === expression.split('#')[0]
    return names.has(coreTypeOf(expression) ?? expression.replaceAll('[x]', ''))
  })
  if (profile.contexts.length > 0 && !isAllowed)
    report(check, 'structure', found.path, `The extension ${profile.url} may not be used on this element.`)
}

/** The names by which a definition may mean a place: `Patient.contact`, `HumanName`, `Patient.contact.name`, `Element`. */
function namesOf(holder: Place): Set<string> {
  const names = new Set([holder.type, 'Element'])
  if (isResourceType(holder.type)) return names.add('Resource').add('DomainResource')
  let suffix = holder.name
  for (let around = holder.around; around !== undefined; around = around.around) {
    names.add(`${around.type}.${suffix}`)
    if (isResourceType(around.type)) break
    suffix = `${around.name}.${suffix}`
  }
  if (holder.type.includes('.')) names.add('BackboneElement')
  return names
}
