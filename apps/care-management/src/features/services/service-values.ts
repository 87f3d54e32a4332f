import type { HealthcareService } from '@medplum/fhirtypes'
import { referencedId, SYSTEM } from '@openward/fhir-client'
import {
  problemsOfRules,
  type ServiceRules,
  serviceRulesFrom,
  type VisitMode,
  VISIT_MODES,
  withServiceRules,
} from '@openward/scheduling'
import { type FieldProblem, requireText } from '#/lib/field-problems.ts'
import { spanishOf, withSpanish, type WordedService } from '#/lib/translated.ts'

/** A service as an administrator edits it; ages are `NaN` where there is no limit. */
export type ServiceValues = {
  name: string
  nameEs: string
  comment: string
  commentEs: string
  isActive: boolean
  siteIds: string[]
  visitMode: string[]
  durationMinutes: number
  startEveryMinutes: number
  bufferBeforeMinutes: number
  bufferAfterMinutes: number
  leadTimeMinutes: number
  horizonDays: number
  cancelNoticeMinutes: number
  minimumAgeYears: number
  maximumAgeYears: number
  referralRequired: boolean
  needsRoom: boolean
  needsInterpreter: boolean
  forms: string[]
}

const NEW_RULES: ServiceRules = {
  durationMinutes: 30,
  startEveryMinutes: 30,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  leadTimeMinutes: 120,
  horizonDays: 90,
  cancelNoticeMinutes: 1440,
  referralRequired: false,
  visitModes: ['in-person'],
  needsRoom: false,
  needsInterpreter: false,
  forms: [],
}

function isVisitMode(mode: string): mode is VisitMode {
  return VISIT_MODES.some((known) => known === mode)
}

/** The rules that a service's values stand for. */
export function rulesOf(values: ServiceValues): ServiceRules {
  const { minimumAgeYears, maximumAgeYears } = values
  return {
    durationMinutes: values.durationMinutes,
    bufferBeforeMinutes: values.bufferBeforeMinutes,
    bufferAfterMinutes: values.bufferAfterMinutes,
    startEveryMinutes: values.startEveryMinutes,
    leadTimeMinutes: values.leadTimeMinutes,
    horizonDays: values.horizonDays,
    cancelNoticeMinutes: values.cancelNoticeMinutes,
    referralRequired: values.referralRequired,
    ...(Number.isNaN(minimumAgeYears) ? {} : { minimumAgeYears }),
    ...(Number.isNaN(maximumAgeYears) ? {} : { maximumAgeYears }),
    visitModes: values.visitMode.filter(isVisitMode),
    needsRoom: values.needsRoom,
    needsInterpreter: values.needsInterpreter,
    forms: values.forms,
  }
}

export function serviceValuesFrom(service: WordedService | undefined): ServiceValues {
  const read = service && serviceRulesFrom(service)
  const rules = read?.ok ? read.value : NEW_RULES
  return {
    name: service?.name ?? '',
    nameEs: spanishOf(service?._name),
    comment: service?.comment ?? '',
    commentEs: spanishOf(service?._comment),
    isActive: service?.active !== false,
    siteIds: (service?.location ?? []).flatMap((one) => referencedId(one, 'Location') ?? []).toSorted(),
    visitMode: rules.visitModes.toSorted(),
    durationMinutes: rules.durationMinutes,
    startEveryMinutes: rules.startEveryMinutes,
    bufferBeforeMinutes: rules.bufferBeforeMinutes,
    bufferAfterMinutes: rules.bufferAfterMinutes,
    leadTimeMinutes: rules.leadTimeMinutes,
    horizonDays: rules.horizonDays,
    cancelNoticeMinutes: rules.cancelNoticeMinutes,
    minimumAgeYears: rules.minimumAgeYears ?? Number.NaN,
    maximumAgeYears: rules.maximumAgeYears ?? Number.NaN,
    referralRequired: rules.referralRequired,
    needsRoom: rules.needsRoom,
    needsInterpreter: rules.needsInterpreter,
    forms: rules.forms.toSorted(),
  }
}

export function problemsOfServiceValues(values: ServiceValues): FieldProblem[] {
  return [
    ...requireText('name', values.name),
    ...requireText('nameEs', values.nameEs),
    ...requireText('comment', values.comment),
    ...requireText('commentEs', values.commentEs),
    ...(values.siteIds.length === 0 ? [{ name: 'siteIds', code: 'missing' }] : []),
    ...problemsOfRules(rulesOf(values)).map(({ field, code }) => ({ name: field, code })),
  ]
}

/** The service with these values, everything else of it kept; sites keep the names that stand beside them. */
export function withServiceValues<T extends WordedService>(service: T, values: ServiceValues): T {
  const { _name, _comment, location, ...rest } = service
  const name = withSpanish(_name, values.nameEs)
  const comment = withSpanish(_comment, values.commentEs)
  const described = {
    ...rest,
    active: values.isActive,
    name: values.name.trim(),
    ...(name ? { _name: name } : {}),
    comment: values.comment.trim(),
    ...(comment ? { _comment: comment } : {}),
    location: values.siteIds.map(
      (id) =>
        location?.find((one) => referencedId(one, 'Location') === id) ?? { reference: `Location/${id}` },
    ),
  }
  return withServiceRules(described as unknown as T, rulesOf(values)) as T
}

/** A code for a new service, from its name: `heart-check`; never one that is taken. */
export function serviceCode(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 48)
  const base = plain === '' ? 'service' : plain
  for (let number = 1; ; number += 1) {
    const code = number === 1 ? base : `${base}-${number}`
    if (!taken.has(code)) return code
  }
}

export function codesOf(services: readonly HealthcareService[]): Set<string> {
  return new Set(
    services.flatMap(({ type }) =>
      (type ?? []).flatMap(({ coding }) => (coding ?? []).flatMap(({ code }) => code ?? [])),
    ),
  )
}

/** A service that does not exist yet. */
export function newService(
  name: string,
  organizationId: string,
  taken: ReadonlySet<string>,
): HealthcareService {
  const display = name.trim()
  const coding = { system: SYSTEM.serviceType, code: serviceCode(display, taken), display }
  return {
    resourceType: 'HealthcareService',
    providedBy: { reference: `Organization/${organizationId}` },
    type: [{ coding: [coding], text: display }],
  }
}
