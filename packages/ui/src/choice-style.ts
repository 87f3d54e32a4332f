/** A card-like row around a checkbox, radio or switch: the whole row is the target. */
export const CHOICE_ROW =
  'group flex items-start gap-3 rounded-md border border-line-strong bg-surface-raised px-4 py-3 min-h-12 transition-colors hover:border-ink data-selected:border-action data-selected:bg-action-soft data-selected:shadow-[inset_0_0_0_1px_var(--action)] data-disabled:border-line data-disabled:bg-surface-sunken data-disabled:text-ink-soft data-invalid:border-danger staff:min-h-9 staff:px-3 staff:py-1.5 forced-colors:data-selected:outline'
export const CHOICE_MARK =
  'mt-0.5 grid size-5 shrink-0 place-items-center border-2 border-line-strong bg-surface-raised text-action-ink group-hover:border-ink group-data-selected:border-action group-data-selected:bg-action group-data-invalid:border-danger group-data-disabled:border-line'
