'use client'
import { problemsOfRules } from '@openward/scheduling'
import { Card } from '@openward/ui/card'
import { useLocale, useTranslations } from 'next-intl'
import { type Control, useWatch } from 'react-hook-form'
import { useLengthWords } from './length-words.ts'
import { ruleWords, type RuleWord } from './rule-words.ts'
import { rulesOf, type ServiceValues } from './service-values.ts'

/** A rule as a sentence. */
export function useRuleSentence(): (word: RuleWord) => string {
  const t = useTranslations('services.preview')
  const length = useLengthWords()
  return (word) => {
    switch (word.code) {
      case 'length':
      case 'startEvery':
      case 'leadTime':
      case 'bufferBefore':
      case 'bufferAfter':
      case 'notice':
        return t(word.code, { length: length(word.minutes) })
      case 'horizon':
        return t('horizon', { count: word.days })
      case 'agesBetween':
        return t('agesBetween', { least: word.least, most: word.most })
      case 'agesFrom':
      case 'agesTo':
        return t(word.code, { years: word.years })
      case 'forms':
        return t('forms', { count: word.count })
      default:
        return t(word.code)
    }
  }
}

/** What the rules in the form mean, said while they are being changed. */
export function RulesPreview({ control }: { control: Control<ServiceValues> }) {
  const t = useTranslations('services.preview')
  const locale = useLocale()
  const sentence = useRuleSentence()
  const values = useWatch({ control }) as ServiceValues
  const rules = rulesOf(values)
  const isUsable = problemsOfRules(rules).length === 0
  const name = (locale === 'es' && values.nameEs) || values.name
  return (
    <div className="lg:sticky lg:top-6">
      <Card title={t('title')}>
        {name && <p className="text-lg font-semibold">{name}</p>}
        <output className="block">
          {isUsable ? (
            <ul className="mt-2 grid list-disc gap-1 ps-5">
              {ruleWords(rules).map((word) => (
                <li key={word.code}>{sentence(word)}</li>
              ))}
            </ul>
          ) : (
            <p className="mt-2 text-ink-soft">{t('notYet')}</p>
          )}
        </output>
        {!values.isActive && <p className="mt-3 font-semibold">{t('inactive')}</p>}
      </Card>
    </div>
  )
}
