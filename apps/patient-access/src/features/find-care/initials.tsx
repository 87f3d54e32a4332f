import type { HumanName } from '@medplum/fhirtypes'

/** The first letter as people see it, whatever it is made of. */
function firstLetter(text: string): string {
  const [first] = new Intl.Segmenter().segment(text)
  return first?.segment ?? ''
}

/** Two letters instead of a photo; the name stands beside them. */
export function Initials({ name }: { name: HumanName[] | undefined }) {
  const shown = name?.[0]
  const letters = [shown?.given?.[0], shown?.family]
    .map((part) => firstLetter(part?.trim() ?? ''))
    .join('')
    .toUpperCase()
  return (
    <span
      aria-hidden
      className="grid size-12 shrink-0 place-items-center rounded-full bg-action-soft font-semibold text-action"
    >
      {letters}
    </span>
  )
}
