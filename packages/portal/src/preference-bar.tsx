import { PreferenceSwitch } from '@openward/ui/preference-switch'
import { useLocale, useTranslations } from 'next-intl'
import { LANGUAGES } from './language.ts'
import { type Theme, THEMES } from './preferences.ts'

export type PreferenceBarProps = {
  basePath: string
  theme: Theme
}

/** Language and colours, side by side; works on server and client alike. */
export function PreferenceBar({ basePath, theme }: PreferenceBarProps) {
  const t = useTranslations('portal')
  const action = `${basePath}/preferences`
  return (
    <div className="flex flex-wrap items-center gap-x-8 gap-y-1">
      <PreferenceSwitch
        action={action}
        name="locale"
        label={t('language')}
        current={useLocale()}
        choices={LANGUAGES}
      />
      <PreferenceSwitch
        action={action}
        name="theme"
        label={t('theme.label')}
        current={theme}
        choices={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
      />
    </div>
  )
}
