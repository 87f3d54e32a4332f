/** The box of a date or time that is typed part by part, and one of its parts. */
export const SEGMENTS =
  'tabular inline-flex min-h-12 w-fit min-w-44 max-w-full items-center rounded-md border border-line-strong bg-surface-raised px-3 hover:border-ink data-focus-within:border-ink data-invalid:border-danger data-disabled:bg-surface-sunken staff:min-h-9 staff:min-w-36'
export const SEGMENT =
  'inline-block min-h-6 min-w-6 rounded-sm px-0.5 text-center data-[type=literal]:min-w-0 data-placeholder:text-ink-soft data-[type=literal]:px-0 data-[type=literal]:text-ink-soft focus:bg-action focus:text-action-ink focus:outline-none forced-colors:focus:bg-[Highlight]'
