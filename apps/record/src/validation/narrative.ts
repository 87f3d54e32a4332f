const XHTML = 'http://www.w3.org/1999/xhtml'
const ELEMENTS = new Set(
  (
    'p br div h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite blockquote hr address bdo ' +
    'kbd sub sup ul ol li dl dt dd pre table caption colgroup col thead tr tfoot tbody th td code samp img map area'
  ).split(' '),
)
const ATTRIBUTES = new Set(
  (
    'xmlns title style class id lang xml:lang dir accesskey tabindex span width align valign char charoff abbr axis headers ' +
    'scope rowspan colspan cellpadding cellspacing border summary frame rules cite charset type name href hreflang rel rev ' +
    'shape coords src longdesc alt height usemap ismap nohref start value compact noshade size bgcolor nowrap clear'
  ).split(' '),
)
const VOID_TEXT = new Set(['img'])
const TAG_NAME = /[A-Za-z][A-Za-z0-9:]*/y
const ATTRIBUTE = /\s+([A-Za-z_][\w:.-]*)\s*=\s*("[^"<]*"|'[^'<]*')/y
const TAG_END = /\s*(\/?)>/y
/** XML knows five entities; those of HTML do not exist in it. */
const BAD_ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)/
const ADDRESSES = new Set(['href', 'src', 'cite', 'longdesc', 'usemap'])
const ACTIVE = /^(?:javascript|vbscript|data:text\/html)/i
const ACTIVE_STYLE = /javascript:|expression\s*\(/i

const NOT_WELL_FORMED = 'The narrative is not well-formed XHTML.'
const NOT_ALLOWED =
  'txt-1: The narrative may only format text: it holds an element, an attribute or an address that is not allowed there.'

/** What is wrong with the `div` of a narrative, read once from its beginning to its end. @see https://hl7.org/fhir/R4/narrative.html */
export function narrativeProblem(div: string): string | undefined {
  const open: string[] = []
  let at = skipSpace(div, 0)
  let isFirst = true
  let hasContent = false
  while (at < div.length) {
    if (!isFirst && open.length === 0) {
      if (skipSpace(div, at) < div.length) return NOT_WELL_FORMED
      break
    }
    const next = div.indexOf('<', at)
    const text = div.slice(at, next < 0 ? div.length : next)
    if (text !== '') {
      if (open.length === 0 || BAD_ENTITY.test(text)) return NOT_WELL_FORMED
      hasContent ||= text.trim() !== ''
    }
    if (next < 0) return NOT_WELL_FORMED
    if (div.startsWith('<!--', next)) {
      const end = div.indexOf('-->', next + 4)
      if (end < 0 || isFirst) return NOT_WELL_FORMED
      at = end + 3
      continue
    }
    const tag = readTag(div, next)
    if (typeof tag === 'string') return tag
    at = tag.end
    if (tag.isClosing) {
      if (open.pop() !== tag.name) return NOT_WELL_FORMED
      continue
    }
    if (isFirst && (tag.name !== 'div' || tag.namespace !== XHTML))
      return 'The narrative must be one <div xmlns="http://www.w3.org/1999/xhtml">.'
    isFirst = false
    hasContent ||= VOID_TEXT.has(tag.name)
    if (!tag.isEmpty) open.push(tag.name)
  }
  if (isFirst || open.length > 0) return NOT_WELL_FORMED
  return hasContent ? undefined : 'txt-2: The narrative must hold some text or an image.'
}

interface Tag {
  name: string
  end: number
  isClosing: boolean
  isEmpty: boolean
  namespace: string | undefined
}

function readTag(div: string, start: number): Tag | string {
  const isClosing = div.charCodeAt(start + 1) === 47
  TAG_NAME.lastIndex = start + (isClosing ? 2 : 1)
  const name = TAG_NAME.exec(div)?.[0]
  if (name === undefined) return NOT_WELL_FORMED
  if (!ELEMENTS.has(name)) return NOT_ALLOWED
  let at = TAG_NAME.lastIndex
  let namespace: string | undefined
  const seen = new Set<string>()
  for (;;) {
    ATTRIBUTE.lastIndex = at
    const match = ATTRIBUTE.exec(div)
    if (match === null) break
    const [, attribute = '', quoted = ''] = match
    const value = quoted.slice(1, -1)
    if (isClosing || seen.has(attribute) || BAD_ENTITY.test(value)) return NOT_WELL_FORMED
    if (!ATTRIBUTES.has(attribute) || isActive(attribute, value)) return NOT_ALLOWED
    if (attribute === 'xmlns') namespace = value
    seen.add(attribute)
    at = ATTRIBUTE.lastIndex
  }
  TAG_END.lastIndex = at
  const end = TAG_END.exec(div)
  if (end === null || (isClosing && end[1] === '/')) return NOT_WELL_FORMED
  return { name, end: TAG_END.lastIndex, isClosing, isEmpty: end[1] === '/', namespace }
}

/** Would a browser run it? White space, control characters and character references are how that is hidden. */
function isActive(attribute: string, value: string): boolean {
  if (attribute !== 'style' && !ADDRESSES.has(attribute)) return false
  const plain = value
    .replace(/&#(x?)([0-9a-fA-F]+);/g, (_whole, hex: string, digits: string) => {
      const point = Number.parseInt(digits, hex === '' ? 10 : 16)
      return point <= 0x10ffff ? String.fromCodePoint(point) : ''
    })
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0020]/g, '')
  return attribute === 'style' ? ACTIVE_STYLE.test(plain) : ACTIVE.test(plain)
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) <= 32) at++
  return at
}
