import { classNames } from './class-names.ts'

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger'
export type ButtonSize = 'regular' | 'small' | 'large'

const SHAPE =
  'inline-flex items-center justify-center gap-2 rounded-md border font-semibold text-center select-none transition-colors [&_svg]:size-5 [&_svg]:shrink-0 no-underline'

const SIZES: Record<ButtonSize, string> = {
  small: 'min-h-9 px-3 py-1 text-sm staff:min-h-8 staff:px-2.5',
  regular: 'min-h-12 px-5 py-2 staff:min-h-9 staff:px-3.5 staff:py-1',
  large: 'min-h-14 px-6 py-3 text-lg staff:min-h-11 staff:px-5',
}

const VARIANTS: Record<ButtonVariant, string> = {
  primary:
    'border-transparent bg-action text-action-ink hover:bg-action-strong data-pressed:bg-action-strong disabled:bg-surface-sunken disabled:text-ink-soft disabled:border-line',
  secondary:
    'border-line-strong bg-surface-raised text-ink hover:border-action hover:text-action data-pressed:bg-action-soft disabled:text-ink-soft disabled:border-line',
  quiet:
    'border-transparent bg-transparent text-action hover:bg-action-soft data-pressed:bg-action-soft disabled:text-ink-soft disabled:bg-transparent',
  danger:
    'border-transparent bg-danger text-danger-ink hover:bg-danger-strong data-pressed:bg-danger-strong disabled:bg-surface-sunken disabled:text-ink-soft disabled:border-line',
}

/** The look of a button, for anchors that must look like one (`<NextLink className={buttonClass('primary')}>`). */
export function buttonClass(
  variant: ButtonVariant = 'primary',
  size: ButtonSize = 'regular',
  extra?: string,
): string {
  return classNames(SHAPE, SIZES[size], VARIANTS[variant], extra)
}
