/** The parts of a FHIR `HumanName` that are shown. @see https://hl7.org/fhir/R4/datatypes.html#HumanName */
export type HumanName = {
  use?: string
  text?: string
  family?: string
  given?: string[]
  prefix?: string[]
  suffix?: string[]
}

const NOT_SHOWN = new Set(['old', 'maiden', 'temp'])
const ORDER = ['usual', 'official', 'nickname', 'anonymous']
const EAST_ASIAN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+$/u

function pick(names: readonly HumanName[]): HumanName | undefined {
  const shown = names.filter((name) => !NOT_SHOWN.has(name.use ?? ''))
  const rank = (name: HumanName) => {
    const index = ORDER.indexOf(name.use ?? '')
    return index === -1 ? ORDER.length : index
  }
  return shown.toSorted((a, b) => rank(a) - rank(b))[0] ?? names[0]
}

function clean(parts: ReadonlyArray<string | undefined>): string[] {
  return parts.flatMap((part) => (typeof part === 'string' && part.trim() ? [part.trim()] : []))
}

/**
 * A person's name as it is said: the usual one before the official one, never an old one; family name first and
 * unspaced in East Asian scripts. Show it inside `<bdi dir="auto">`.
 */
export function formatPersonName(
  names: HumanName | readonly HumanName[] | undefined,
  { locale, withPrefix = false }: { locale: string; withPrefix?: boolean },
): string {
  const list: readonly HumanName[] =
    names === undefined ? [] : 'length' in names ? (names as readonly HumanName[]) : [names as HumanName]
  const name = pick(list)
  const given = clean(name?.given ?? [])
  const [family] = clean([name?.family])
  const prefix = withPrefix ? clean(name?.prefix ?? []) : []
  if (family && given.length > 0 && EAST_ASIAN.test(family) && given.every((part) => EAST_ASIAN.test(part))) {
    return `${family}${given.join('')}`
  }
  const built = clean([...prefix, ...given, family, ...(name?.suffix ?? [])]).join(' ')
  if (built && (given.length > 0 || family)) return built
  const [text] = clean([name?.text])
  return text ?? (/^es\b/i.test(locale) ? 'Nombre no registrado' : 'Name not recorded')
}
