import { classNames } from './class-names.ts'

export type PreferenceChoice = { value: string; label: string; lang?: string }

export type PreferenceSwitchProps = {
  /** Where the choice is posted: the portal's `/preferences`. */
  action: string
  /** The cookie it sets. */
  name: 'locale' | 'theme'
  label: string
  choices: readonly PreferenceChoice[]
  current: string
}

/** A choice kept in a cookie. A plain form: it works before and without any script. */
export function PreferenceSwitch({ action, name, label, choices, current }: PreferenceSwitchProps) {
  return (
    <form
      method="post"
      action={action}
      aria-label={label}
      className="-mx-2.5 flex items-center gap-1 text-sm"
    >
      {choices.map((choice) => (
        <button
          key={choice.value}
          name={name}
          value={choice.value}
          lang={choice.lang}
          aria-pressed={choice.value === current}
          className={classNames(
            'min-h-9 rounded-md px-2.5 transition-colors staff:min-h-8',
            choice.value === current
              ? 'font-semibold text-ink underline decoration-2 decoration-action underline-offset-[0.35em]'
              : 'text-ink-soft hover:bg-surface-sunken hover:text-ink',
          )}
        >
          {choice.label}
        </button>
      ))}
    </form>
  )
}
