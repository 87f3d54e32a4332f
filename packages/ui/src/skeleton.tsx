import { classNames } from './class-names.ts'

export type SkeletonProps = {
  /** `text` is one line, `card` a bordered block, `row` a line of a list. */
  shape?: 'text' | 'row' | 'card'
  count?: number
  /** Said once: "Loading your visits". */
  label: string
}

const SHAPES = {
  text: 'h-5 max-w-measure rounded-sm odd:w-4/5',
  row: 'h-14 rounded-md staff:h-9',
  card: 'h-36 rounded-lg staff:h-24',
}

/** Holds the place of what is loading, in its size, so that nothing moves when it comes. */
export function Skeleton({ shape = 'text', count = 1, label }: SkeletonProps) {
  return (
    <div className="grid gap-3">
      <output className="sr-only">{label}</output>
      {Array.from({ length: count }, (_, index) => (
        <div
          key={index}
          aria-hidden
          className={classNames(
            'animate-[skeleton_1.6s_ease-in-out_infinite] bg-surface-sunken',
            SHAPES[shape],
          )}
        />
      ))}
    </div>
  )
}
