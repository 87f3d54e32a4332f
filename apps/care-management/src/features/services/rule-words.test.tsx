// @vitest-environment jsdom
import { renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { withWords } from '#/testing/with-words.tsx'
import { ruleWords } from './rule-words.ts'
import { useRuleSentence } from './rules-preview.tsx'
import { rulesOf, serviceValuesFrom, type ServiceValues } from './service-values.ts'

function sentences(locale: 'en' | 'es', changed: Partial<ServiceValues>): string[] {
  const { result } = renderHook(() => useRuleSentence(), { wrapper: withWords(locale) })
  return ruleWords(rulesOf({ ...serviceValuesFrom(undefined), ...changed })).map((word) =>
    result.current(word),
  )
}

test('says length, grid, notice and reach as people say them', () => {
  expect(sentences('en', {})).toEqual([
    '30 minutes',
    'Starts every 30 minutes',
    'In person',
    'Booked at least 2 hours ahead',
    'Up to 90 days ahead',
    'Can be cancelled until 24 hours before',
  ])
})

test('says who and what is needed only where there is a rule', () => {
  const said = sentences('en', {
    visitMode: ['in-person', 'video'],
    leadTimeMinutes: 0,
    cancelNoticeMinutes: 0,
    bufferBeforeMinutes: 5,
    bufferAfterMinutes: 10,
    minimumAgeYears: 18,
    maximumAgeYears: 64,
    referralRequired: true,
    needsRoom: true,
    needsInterpreter: true,
    forms: ['https://example.org/q'],
  })
  expect(said).toEqual([
    '30 minutes',
    'Starts every 30 minutes',
    'In person or by video',
    'Can be booked until the last minute',
    'Up to 90 days ahead',
    'Can be cancelled until it starts',
    'The clinician is kept free for 5 minutes before',
    'The clinician is kept free for 10 minutes after',
    'For ages 18 to 64',
    'With a referral only',
    'A room and an interpreter are booked with it',
    '1 form to fill in before',
  ])
})

test('says it in Spanish', () => {
  expect(sentences('es', { leadTimeMinutes: 2880, minimumAgeYears: 65, horizonDays: 1 })).toEqual([
    '30 minutos',
    'Empieza cada 30 minutos',
    'En persona',
    'Se reserva con al menos 2 días de antelación',
    'Hasta 1 día antes',
    'Se puede cancelar hasta 24 horas antes',
    'A partir de 65 años',
  ])
})
