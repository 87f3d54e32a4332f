/**
 * Reasons a person may give for cancelling, as codes of the standard's code system; the words are in the messages.
 * @see https://terminology.hl7.org/CodeSystem-appointment-cancellation-reason.html
 */
export const CANCEL_REASONS = ['pat', 'pat-fb', 'pat-lt', 'pat-mv', 'oth-weath', 'oth-fin', 'other'] as const

/** Who and why in words: reasons of the clinic are told in groups. */
const GROUPS: Readonly<Record<string, 'clinician' | 'clinic' | 'weather' | 'equipment' | 'mistake'>> = {
  prov: 'clinician',
  'prov-pers': 'clinician',
  'prov-dch': 'clinician',
  'prov-edu': 'clinician',
  'prov-hosp': 'clinician',
  'prov-onc': 'clinician',
  maint: 'equipment',
  'oth-room': 'equipment',
  'oth-err': 'mistake',
  'oth-oerr': 'mistake',
  'oth-weath': 'weather',
}

export type CancelReasonWords =
  | (typeof CANCEL_REASONS)[number]
  | 'clinician'
  | 'clinic'
  | 'equipment'
  | 'mistake'
  | 'weather'

/** The message that tells a stored reason; undefined when there is nothing to tell. */
export function wordsOfReason(
  code: string | undefined,
  by: 'patient' | 'proxy' | 'clinic' | undefined,
): CancelReasonWords | undefined {
  if (code === undefined) return undefined
  if (by === 'clinic') return GROUPS[code] ?? 'clinic'
  return CANCEL_REASONS.find((known) => known === code)
}
