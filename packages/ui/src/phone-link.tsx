import { Phone } from 'lucide-react'
import { Link } from './link.tsx'

/** A number to call, always the way out. `number` as people read it. */
export function PhoneLink({ number }: { number: string }) {
  return (
    <Link
      href={`tel:${number.replaceAll(/[^\d+]/g, '')}`}
      className="tabular whitespace-nowrap font-semibold"
    >
      <Phone aria-hidden className="me-1 inline-block size-[0.9em] align-[-0.08em]" />
      {number}
    </Link>
  )
}
