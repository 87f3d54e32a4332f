import type { HumanName } from '@medplum/fhirtypes'

/** Two letters instead of a photo; the name stands beside them. */
export function Initials({ name }: { name: HumanName[] | undefined }) {
  const shown = name?.[0]
  const letters = [shown?.given?.[0], shown?.family]
    .map((part) => [...(part?.trim() ?? '')][0] ?? '')
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
