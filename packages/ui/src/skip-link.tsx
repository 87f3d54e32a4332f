/** The first stop of the Tab key: jumps over the frame to `main`. */
export function SkipLink({ children }: { children: string }) {
  return (
    <a
      href="#main"
      className="sr-only rounded-md bg-action px-4 py-3 font-semibold text-action-ink focus:not-sr-only focus:fixed focus:start-3 focus:top-3 focus:z-50 focus:px-4 focus:py-3"
    >
      {children}
    </a>
  )
}
