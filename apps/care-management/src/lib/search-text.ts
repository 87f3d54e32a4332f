/** Text as it is compared in searches: without accents and case. */
function plainText(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

/** Whether a text holds every word that was typed, in any order. */
export function holdsWords(text: string, typed: string): boolean {
  const said = plainText(text)
  return plainText(typed)
    .split(/\s+/)
    .every((word) => said.includes(word))
}
