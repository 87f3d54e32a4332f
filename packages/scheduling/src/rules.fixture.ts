import type { ServiceRules } from './service-rules.ts'

/** A plain 20-minute service for tests. */
export const PLAIN_RULES: ServiceRules = {
  durationMinutes: 20,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  startEveryMinutes: 20,
  leadTimeMinutes: 0,
  horizonDays: 90,
  cancelNoticeMinutes: 0,
  referralRequired: false,
  visitModes: ['in-person'],
  needsRoom: false,
  needsInterpreter: false,
  forms: [],
}
