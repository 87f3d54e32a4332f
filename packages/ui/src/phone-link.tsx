import { Phone } from 'lucide-react'
import { Link } from './link.tsx'

/** A number to call, always the way out. `number` as people read it. */
export function PhoneLink({ number }: { number: string }) {
  return (
    <Link
      href={`tel:${number.replaceAll(/[^\d+]/g, '')}`}
      className="tabular inline-flex items-center gap-1.5 whitespace-nowrap font-semibold"
    >
      <Phone aria-hidden className="size-4" />
      {number}
    </Link>
  )
}
