import type { Extension } from '@medplum/fhirtypes'

type Extended = { extension?: Extension[] | undefined }
type WithoutUrl = Omit<Extension, 'url' | 'id' | 'extension'>

/** The first extension with this address, or undefined. */
export function getExtension(element: Extended | undefined, url: string): Extension | undefined {
  return element?.extension?.find((extension) => extension.url === url)
}

/** Every extension with this address. */
export function listExtensions(element: Extended | undefined, url: string): Extension[] {
  return element?.extension?.filter((extension) => extension.url === url) ?? []
}

/** The extensions of `element` with those of `url` replaced by one with this value, or removed when the value is undefined. */
export function withExtension<Element extends Extended>(
  element: Element,
  url: string,
  value: WithoutUrl | undefined,
): Element {
  const others = element.extension?.filter((extension) => extension.url !== url) ?? []
  const extension = value ? [...others, { url, ...value }] : others
  const { extension: _replaced, ...rest } = element
  return (extension.length > 0 ? { ...rest, extension } : rest) as Element
}
