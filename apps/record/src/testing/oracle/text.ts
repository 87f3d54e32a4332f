/**
 * What a string search compares (https://hl7.org/fhir/R4/search.html#string), one character at a time: no case, no
 * combining characters, no punctuation, one space for any white space. Decisions where the standard leaves room: letters
 * are equal when any case of them is (ß = SS = ẞ, ς = σ, ı = i), compatible forms are equal (ﬁ = fi, Ａ = A), a dash
 * separates words like a space, and what consists of punctuation only keeps it.
 */
export function comparable(text: string): string {
  const withoutPunctuation = spaced(
    Array.from(plain(text.replace(/\p{Pd}/gu, ' ')))
      .filter(isNoPunctuation)
      .join(''),
  )
  return withoutPunctuation === '' ? spaced(plain(text)) : withoutPunctuation
}

function plain(text: string): string {
  return Array.from(text.toWellFormed(), folded).join('').normalize('NFC')
}

function folded(char: string): string {
  const base = Array.from(char.normalize('NFKD'))
    .filter((one) => !/\p{M}/u.test(one))
    .join('')
  return Array.from(base, (one) =>
    Array.from(one.toLowerCase().toUpperCase(), (up) => up.toLowerCase()).join(''),
  ).join('')
}

function isNoPunctuation(char: string): boolean {
  return !/\p{P}/u.test(char)
}

function spaced(text: string): string {
  return text
    .split(/\s+/u)
    .filter((word) => word !== '')
    .join(' ')
}

/** Order of code points, which is the order of UTF-8. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
