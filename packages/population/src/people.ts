import type { Address, ContactPoint, Patient } from '@medplum/fhirtypes'

import { addDays } from './dates.ts'
import { FAMILY_NAMES, FEMALE_NAMES, LANGUAGES, MALE_NAMES, STREETS, type Town, TOWNS } from './name-lists.ts'
import { peopleIn, type PopulationPlan } from './plan.ts'
import { type Random, randomFor } from './random.ts'
import { concept, refer } from './resources.ts'
import { sitesOf, type SiteRow } from './site-list.ts'
import { IN_BOTH, UNUSUAL_PEOPLE } from './unusual-people.ts'

const MRN = 'https://openward.example/medical-record-number'
const LANGUAGE_SYSTEM = 'urn:ietf:bcp:47'
/** People with an account of their own are not numbered. */
const STORY_PEOPLE = { openward: 6, lakeside: 1 } as const

/** How many numbered people there are; the first ones are the unusual cases. */
export function numberedPeople(plan: PopulationPlan): number {
  return Math.max(0, peopleIn(plan) - STORY_PEOPLE[plan.organization])
}

/** People with conditions, medicines and measurements: one in five. */
export function isDeep(plan: PopulationPlan, number: number): boolean {
  return number <= Math.ceil(peopleIn(plan) / 5)
}

export function patientId(number: number): string {
  return `patient-${String(number).padStart(5, '0')}`
}

/** The site a numbered person lives near: half in New York, a third in Phoenix. */
export function homeSite(plan: PopulationPlan, number: number): SiteRow {
  const sites = sitesOf(plan)
  const draw = randomFor(plan.seed, plan.organization, 'site', number).next()
  const site = sites.length === 1 || draw < 0.52 ? sites[0] : draw < 0.87 ? sites[1] : sites[2]
  if (!site) throw new Error('An organization needs a site')
  return site
}

/** Lakeside has only the person who is a patient of both organizations. */
function unusual(plan: PopulationPlan, number: number): (typeof UNUSUAL_PEOPLE)[number] | undefined {
  return plan.organization === 'openward' || number === IN_BOTH ? UNUSUAL_PEOPLE[number - 1] : undefined
}

/** Only the birth date: cheap enough to ask for many people in search of one. */
export function birthDateOf(plan: PopulationPlan, number: number): string {
  return unusual(plan, number)?.birthDate?.(plan) ?? usualBirthDate(plan, number)
}

function usualBirthDate(plan: PopulationPlan, number: number): string {
  const random = randomFor(plan.seed, plan.organization, 'born', number)
  const draw = random.next()
  const years = draw < 0.16 ? random.int(1, 17) : draw < 0.68 ? random.int(18, 64) : random.int(65, 94)
  return addDays(plan.anchorDate, -Math.round(years * 365.25) - random.int(0, 364))
}

export function phoneOf(areaCode: string, random: Random): string {
  return `+1-${areaCode}-555-01${String(random.int(0, 99)).padStart(2, '0')}`
}

export function addressNear(site: SiteRow, random: Random): Address {
  const { district, ...town } = random.pick<Town>(TOWNS[site.id] ?? [site])
  const { city, state, postalCode } = town
  return {
    use: 'home',
    line: [`${random.int(1, 999)} ${random.pick(STREETS)}`],
    city,
    ...(district === undefined ? {} : { district }),
    state,
    postalCode,
    country: site.country,
  }
}

export function languageConcept(code: string): ReturnType<typeof concept> {
  const name = LANGUAGES.find(([known]) => known === code)?.[1] ?? code
  return concept(LANGUAGE_SYSTEM, code, name)
}

function pickLanguage(random: Random): string {
  if (random.chance(0.74)) return 'en'
  return random.chance(0.55) ? 'es' : random.pick(LANGUAGES.slice(2))[0]
}

/** A numbered person; the same plan and number always give the same person. */
export function personAt(plan: PopulationPlan, number: number): Patient & { id: string } {
  const random = randomFor(plan.seed, plan.organization, 'person', number)
  const site = homeSite(plan, number)
  const gender = random.chance(0.52) ? 'female' : 'male'
  const given = [random.pick(gender === 'female' ? FEMALE_NAMES : MALE_NAMES)]
  if (random.chance(0.3)) given.push(random.pick(gender === 'female' ? FEMALE_NAMES : MALE_NAMES))
  const family = random.pick(FAMILY_NAMES)
  const telecom: ContactPoint[] = [{ system: 'phone', value: phoneOf(site.areaCode, random), use: 'mobile' }]
  if (random.chance(0.8)) {
    const mailbox = `${given[0] ?? 'person'}.${family}.${number}`.toLowerCase()
    telecom.push({ system: 'email', value: `${mailbox}@example.org` })
  }
  const language = pickLanguage(random)
  const person: Patient & { id: string } = {
    resourceType: 'Patient',
    id: patientId(number),
    identifier: [{ use: 'usual', system: MRN, value: String(100_000 + number) }],
    active: true,
    name: [{ use: 'official', family, given }],
    telecom,
    gender,
    birthDate: birthDateOf(plan, number),
    address: [addressNear(site, random)],
    communication: [{ language: languageConcept(language), preferred: true }],
    managingOrganization: refer('Organization', plan.organization),
  }
  return unusual(plan, number)?.change?.(person, plan) ?? person
}

/** The number up to which people are unusual: stories keep clear of them. */
export const UNUSUAL_COUNT = UNUSUAL_PEOPLE.length

/** False for people for whom no visit is planned: merged away, dead, or with nothing on record. */
export function canHaveVisits(plan: PopulationPlan, number: number): boolean {
  return unusual(plan, number)?.hasNoVisits !== true
}
