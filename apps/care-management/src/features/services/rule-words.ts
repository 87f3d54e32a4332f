import type { ServiceRules } from '@openward/scheduling'

/** One thing a rule means for a person who books; `code` is a key of the messages `services.preview`. */
export type RuleWord =
  | {
      code: 'length' | 'startEvery' | 'leadTime' | 'bufferBefore' | 'bufferAfter' | 'notice'
      minutes: number
    }
  | { code: 'horizon'; days: number }
  | { code: 'agesBetween'; least: number; most: number }
  | { code: 'agesFrom' | 'agesTo'; years: number }
  | {
      code:
        | 'noLeadTime'
        | 'noNotice'
        | 'inPerson'
        | 'video'
        | 'inPersonOrVideo'
        | 'referral'
        | 'room'
        | 'interpreter'
        | 'roomAndInterpreter'
    }
  | { code: 'forms'; count: number }

function modes({ visitModes }: ServiceRules): RuleWord[] {
  const [hasInPerson, hasVideo] = [visitModes.includes('in-person'), visitModes.includes('video')]
  if (hasInPerson && hasVideo) return [{ code: 'inPersonOrVideo' }]
  if (hasVideo) return [{ code: 'video' }]
  return hasInPerson ? [{ code: 'inPerson' }] : []
}

function ages({ minimumAgeYears: least, maximumAgeYears: most }: ServiceRules): RuleWord[] {
  if (least !== undefined && most !== undefined) return [{ code: 'agesBetween', least, most }]
  if (least !== undefined && least > 0) return [{ code: 'agesFrom', years: least }]
  return most === undefined ? [] : [{ code: 'agesTo', years: most }]
}

function needs({ needsRoom, needsInterpreter }: ServiceRules): RuleWord[] {
  if (needsRoom && needsInterpreter) return [{ code: 'roomAndInterpreter' }]
  if (needsRoom) return [{ code: 'room' }]
  return needsInterpreter ? [{ code: 'interpreter' }] : []
}

/** What a service's rules mean, in the order in which people ask. Only for rules without problems. */
export function ruleWords(rules: ServiceRules): RuleWord[] {
  const buffer = (code: 'bufferBefore' | 'bufferAfter', minutes: number): RuleWord[] =>
    minutes > 0 ? [{ code, minutes }] : []
  return [
    { code: 'length', minutes: rules.durationMinutes },
    { code: 'startEvery', minutes: rules.startEveryMinutes },
    ...modes(rules),
    rules.leadTimeMinutes > 0 ? { code: 'leadTime', minutes: rules.leadTimeMinutes } : { code: 'noLeadTime' },
    { code: 'horizon', days: rules.horizonDays },
    rules.cancelNoticeMinutes > 0
      ? { code: 'notice', minutes: rules.cancelNoticeMinutes }
      : { code: 'noNotice' },
    ...buffer('bufferBefore', rules.bufferBeforeMinutes),
    ...buffer('bufferAfter', rules.bufferAfterMinutes),
    ...ages(rules),
    ...(rules.referralRequired ? [{ code: 'referral' } as const] : []),
    ...needs(rules),
    ...(rules.forms.length > 0 ? [{ code: 'forms', count: rules.forms.length } as const] : []),
  ]
}
