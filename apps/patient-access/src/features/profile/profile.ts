import type { Address, ContactPoint, HumanName, Patient } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'

import { PROFILE_FIELDS, type ProfileField, type ProfileForm } from './profile.schema.ts'

const LANGUAGE_SYSTEM = 'urn:ietf:bcp:47'

function preferredOf(names: readonly HumanName[] | undefined): HumanName | undefined {
  return names?.find(({ use }) => use === 'usual' || use === 'nickname')
}

/** The address that is shown and changed: the home one, else the first. */
function homeOf(addresses: readonly Address[] | undefined): Address | undefined {
  return addresses?.find(({ use }) => use === 'home') ?? addresses?.[0]
}

function contactOf(patient: Patient, system: 'phone' | 'email'): ContactPoint | undefined {
  return patient.telecom?.find((one) => one.system === system && one.use !== 'old')
}

/** The language the person wants to be spoken to in. */
function languageOf(patient: Patient): string {
  const preferred = patient.communication?.find((one) => one.preferred === true) ?? patient.communication?.[0]
  return preferred?.language.coding?.[0]?.code ?? ''
}

/** A Patient as the form shows it; what is not recorded is empty. */
export function formOf(patient: Patient): ProfileForm {
  const home = homeOf(patient.address)
  return {
    preferredName: preferredOf(patient.name)?.given?.join(' ') ?? '',
    phone: contactOf(patient, 'phone')?.value ?? '',
    email: contactOf(patient, 'email')?.value ?? '',
    language: languageOf(patient),
    line: home?.line?.[0] ?? '',
    line2: home?.line?.slice(1).join(', ') ?? '',
    city: home?.city ?? '',
    state: home?.state ?? '',
    postalCode: home?.postalCode ?? '',
    country: home?.country ?? '',
  }
}

function withName(names: readonly HumanName[] | undefined, given: string): HumanName[] {
  const all = names ?? []
  const others = all.filter((name) => name !== preferredOf(all))
  if (given === '') return others
  const known = preferredOf(all)
  const family = known?.family ?? all.find(({ use }) => use === 'official')?.family ?? all[0]?.family
  return [...others, { use: 'usual', given: [given], ...(family ? { family } : {}) }]
}

function withContact(patient: Patient, system: 'phone' | 'email', value: string): ContactPoint[] {
  const all = patient.telecom ?? []
  const known = contactOf(patient, system)
  if (value === '') return all.filter((one) => one !== known)
  const next: ContactPoint = {
    ...(known ?? { system, ...(system === 'phone' ? { use: 'mobile' } : {}) }),
    value,
  }
  return known ? all.map((one) => (one === known ? next : one)) : [...all, next]
}

function withLanguage(patient: Patient, code: string): NonNullable<Patient['communication']> {
  const others = (patient.communication ?? []).map(({ preferred: _replaced, ...rest }) => rest)
  if (code === '') return others
  const codeOf = (one: (typeof others)[number]) => one.language.coding?.[0]?.code
  const known = others.find((one) => codeOf(one) === code)
  const chosen = known ?? { language: { coding: [{ system: LANGUAGE_SYSTEM, code }] } }
  return [{ ...chosen, preferred: true }, ...others.filter((one) => one !== known && codeOf(one) !== code)]
}

function withAddress(patient: Patient, form: ProfileForm): Address[] {
  const all = patient.address ?? []
  const known = homeOf(all)
  const {
    text: _outdated,
    line: _lines,
    city: _city,
    state: _state,
    postalCode: _code,
    country: _country,
    ...rest
  } = known ?? {
    use: 'home' as const,
  }
  const parts = {
    city: form.city,
    state: form.state,
    postalCode: form.postalCode,
    country: form.country,
  }
  const line = [form.line, form.line2].filter((one) => one !== '')
  const filled = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ''))
  const isEmpty = line.length === 0 && Object.keys(filled).length === 0
  const next: Address = { ...rest, ...(line.length > 0 ? { line } : {}), ...filled }
  const others = all.filter((one) => one !== known)
  return isEmpty ? others : [next, ...others]
}

/** The same element, or nothing when it has become empty: FHIR has no empty lists. */
function listed<Name extends string, T>(name: Name, list: readonly T[]): { [K in Name]?: T[] } {
  return (list.length > 0 ? { [name]: [...list] } : {}) as { [K in Name]?: T[] }
}

/** The Patient with what changed in the form, everything else kept. Fields that are as they were are not touched. */
export function withForm(patient: Versioned<Patient>, form: ProfileForm): Versioned<Patient> {
  const before = formOf(patient)
  const isChanged = (...fields: ProfileField[]) => fields.some((field) => before[field] !== form[field])
  const { name, telecom: _replaced, communication, address, ...rest } = patient
  const withPhone = isChanged('phone')
    ? { ...patient, telecom: withContact(patient, 'phone', form.phone) }
    : patient
  const contacts = isChanged('email')
    ? withContact(withPhone, 'email', form.email)
    : (withPhone.telecom ?? [])
  const addresses = isChanged('line', 'line2', 'city', 'state', 'postalCode', 'country')
    ? withAddress(patient, form)
    : (address ?? [])
  return {
    ...rest,
    ...listed('name', isChanged('preferredName') ? withName(name, form.preferredName) : (name ?? [])),
    ...listed('telecom', contacts),
    ...listed('address', addresses),
    ...listed(
      'communication',
      isChanged('language') ? withLanguage(patient, form.language) : (communication ?? []),
    ),
  } as Versioned<Patient>
}

export type Conflict = { field: ProfileField; theirs: string; mine: string | undefined }

/**
 * What somebody else changed since the form was opened, and the form that keeps both: their value where this person changed nothing, this
 * person's own where both did (`mine` says so).
 */
export function mergeForms(
  base: ProfileForm,
  mine: ProfileForm,
  theirs: ProfileForm,
): { merged: ProfileForm; conflicts: Conflict[] } {
  const merged = { ...mine }
  const conflicts: Conflict[] = []
  for (const field of PROFILE_FIELDS) {
    if (theirs[field] === base[field] || theirs[field] === mine[field]) continue
    const isMine = mine[field] !== base[field]
    conflicts.push({ field, theirs: theirs[field], mine: isMine ? mine[field] : undefined })
    if (!isMine) merged[field] = theirs[field]
  }
  return { merged, conflicts }
}
