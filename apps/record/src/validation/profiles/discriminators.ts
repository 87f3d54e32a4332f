import { isObject, type JsonObject } from '../../fhir/json.ts'
import { BrokenProfile, type Discriminator, type Slicing, type Step } from './tree.ts'

const TYPES = new Set(['value', 'pattern', 'exists', 'type', 'profile'])
const STEP = /^(?:(\w+)|extension\('([^']+)'\)|ofType\((?:FHIR\.)?(\w+)\)|(resolve\(\)))(?:\.|$)/

export function readSlicing(slicing: JsonObject, place: string): Slicing {
  const list = Array.isArray(slicing['discriminator']) ? slicing['discriminator'].filter(isObject) : []
  return {
    discriminators: list.map((one) => readDiscriminator(one, `${place}.slicing.discriminator`)),
    rules: String(slicing['rules']),
    isOrdered: slicing['ordered'] === true,
  }
}

function readDiscriminator(discriminator: JsonObject, place: string): Discriminator {
  const type = String(discriminator['type'])
  if (!TYPES.has(type)) throw new BrokenProfile('There is no discriminator of this type.', place)
  let rest = String(discriminator['path']).replace(/^\$this(?:\.|$)/, '')
  const path: Step[] = []
  while (rest !== '') {
    const match = STEP.exec(rest)
    if (match === null)
      throw new BrokenProfile(
        "A discriminator's path may hold elements, extension('url'), ofType(Type) and resolve().",
        place,
      )
    const [whole, name, url, type_] = match
    if (name !== undefined) path.push({ kind: 'element', name })
    else if (url !== undefined) path.push({ kind: 'extension', url })
    else if (type_ !== undefined) path.push({ kind: 'type', name: type_ })
    else path.push({ kind: 'resolve' })
    rest = rest.slice(whole.length)
  }
  return { type, path }
}
