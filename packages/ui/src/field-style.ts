import { classNames } from './class-names.ts'

export const FIELD = 'flex flex-col gap-1.5 min-w-0'
export const LABEL = 'font-semibold text-ink'
export const HINT = 'text-sm text-ink-soft max-w-measure'
export const ERROR =
  'flex items-start gap-2 text-sm font-semibold text-danger [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0'
const CONTROL_SHAPE =
  'w-full rounded-md border border-line-strong bg-surface-raised px-3 text-ink transition-colors placeholder:text-ink-soft hover:border-ink data-invalid:border-danger data-invalid:shadow-[inset_0_0_0_1px_var(--danger)] aria-invalid:border-danger aria-invalid:shadow-[inset_0_0_0_1px_var(--danger)] disabled:bg-surface-sunken disabled:text-ink-soft disabled:border-line'

/** The look of one line of input: 48 px for patients, 36 px for staff. */
export const CONTROL = classNames(CONTROL_SHAPE, 'min-h-12 py-2 staff:min-h-9 staff:py-1')
/** The look of several lines of input. */
export const CONTROL_MULTILINE = classNames(CONTROL_SHAPE, 'py-2.5 leading-normal resize-y')

/** What every field takes, besides its value. */
export type FieldProps = {
  label: string
  /** One sentence of help, read with the field. */
  hint?: string | undefined
  /** What is wrong and how to put it right. The field is invalid exactly when this is set. */
  error?: string | undefined
}
