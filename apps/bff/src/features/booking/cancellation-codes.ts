import { SYSTEM } from '@openward/fhir-client'

/** @see https://terminology.hl7.org/CodeSystem-appointment-cancellation-reason.html */
const CODES: ReadonlySet<string> = new Set([
  'pat',
  'pat-crs',
  'pat-cpp',
  'pat-dec',
  'pat-fb',
  'pat-lt',
  'pat-mt',
  'pat-mv',
  'pat-preg',
  'pat-swl',
  'pat-uwo',
  'prov',
  'prov-pers',
  'prov-dch',
  'prov-edu',
  'prov-hosp',
  'prov-labs',
  'prov-mr',
  'prov-onc',
  'maint',
  'meds-inc',
  'other',
  'oth-cms',
  'oth-err',
  'oth-fin',
  'oth-iv',
  'oth-int',
  'oth-mu',
  'oth-room',
  'oth-oerr',
  'oth-swie',
  'oth-weath',
])

export function isCancellationCode(reason: { system?: string | undefined; code: string }): boolean {
  return (reason.system ?? SYSTEM.cancellationReason) === SYSTEM.cancellationReason && CODES.has(reason.code)
}
