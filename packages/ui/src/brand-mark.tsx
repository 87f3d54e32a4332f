/** Openward's mark: a room whose door stands open. Decorative; the name stands beside it. */
export function BrandMark({ className = 'size-7' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden fill="none" className={`${className} shrink-0 text-action`}>
      <path
        d="M18 4H9a5 5 0 0 0-5 5v14a5 5 0 0 0 5 5h9"
        stroke="currentColor"
        strokeWidth="3.2"
        strokeLinecap="round"
      />
      <path d="M16 10.5 27 7v18l-11-3.5z" fill="currentColor" />
    </svg>
  )
}
