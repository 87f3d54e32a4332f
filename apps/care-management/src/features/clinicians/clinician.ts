import type { Practitioner, PractitionerRole } from '@medplum/fhirtypes'
import { referencedId, type Versioned } from '@openward/fhir-client'
import { formatPersonName } from '@openward/ui/person-name'
import type { Staff } from '#/lib/directory.queries.ts'
import { holdsWords } from '@openward/ui/search-text'

/** Somebody with a calendar, and everything they do. */
export type Clinician = {
  id: string
  name: string
  practitioner: Versioned<Practitioner>
  roles: Versioned<PractitionerRole>[]
}

/** One entry per person, by family name; roles by their id, so that they keep their place. */
export function cliniciansFrom({ roles, people }: Staff, locale: string): Clinician[] {
  return people
    .map((practitioner) => ({
      id: practitioner.id,
      name: formatPersonName(practitioner.name, { locale, withPrefix: true }),
      practitioner,
      roles: roles
        .filter((role) => referencedId(role.practitioner, 'Practitioner') === practitioner.id)
        .toSorted((a, b) => a.id.localeCompare(b.id)),
    }))
    .toSorted((a, b) => familyOf(a).localeCompare(familyOf(b)) || a.name.localeCompare(b.name))
}

function familyOf({ practitioner, name }: Clinician): string {
  return practitioner.name?.[0]?.family ?? name
}

/** Clinicians whose name or title holds every word, without minding accents or case. */
export function matching(clinicians: readonly Clinician[], text: string): Clinician[] {
  return clinicians.filter(({ name, practitioner }) =>
    holdsWords(`${name} ${practitioner.qualification?.[0]?.code.text ?? ''}`, text),
  )
}
