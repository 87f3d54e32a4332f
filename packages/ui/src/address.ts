/** The parts of a FHIR `Address` that are shown. @see https://hl7.org/fhir/R4/datatypes.html#Address */
export type Address = {
  text?: string
  line?: string[]
  city?: string
  state?: string
  postalCode?: string
  country?: string
}

/** An address as its lines, in the order of an envelope; empty when nothing is recorded. */
export function addressLines(address: Address | undefined): string[] {
  if (!address) return []
  const place = [address.city, [address.state, address.postalCode].filter(Boolean).join(' ')]
    .filter(Boolean)
    .join(', ')
  const lines = [...(address.line ?? []), place].filter((line) => line.trim() !== '')
  return lines.length > 0 ? lines : address.text ? [address.text] : []
}
