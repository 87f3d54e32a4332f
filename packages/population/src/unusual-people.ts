import type { HumanName, Patient } from '@medplum/fhirtypes'

import { addDays, addYears } from './dates.ts'
import type { PopulationPlan } from './plan.ts'
import { refer } from './resources.ts'

type Person = Patient & { id: string }
type UnusualPerson = {
  birthDate?: (plan: PopulationPlan) => string
  change?: (person: Person, plan: PopulationPlan) => Person
  hasNoVisits?: boolean
}

const DATA_ABSENT = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason'
const TWIN_NAME: HumanName = { use: 'official', family: 'Okafor', given: ['Ngozi'] }
const MEMBER = 'https://openward.example/insurance-member'

/** The person who is a patient of both organizations has this number in each. */
export const IN_BOTH = 1

function named(name: HumanName, birthDate?: string): UnusualPerson {
  return {
    ...(birthDate === undefined ? {} : { birthDate: () => birthDate }),
    change: (person) => ({ ...person, name: [{ use: 'official', ...name }] }),
  }
}

function speaking(code: string, name: string): UnusualPerson {
  const language = { coding: [{ system: 'urn:ietf:bcp:47', code, display: name }], text: name }
  return { change: (person) => ({ ...person, communication: [{ language, preferred: true }] }) }
}

function without(...fields: (keyof Patient)[]): UnusualPerson {
  return {
    change: (person) =>
      Object.fromEntries(
        Object.entries(person).filter(([key]) => !fields.includes(key as keyof Patient)),
      ) as Person,
  }
}

function merged(other: string, type: 'replaced-by' | 'replaces'): UnusualPerson {
  return {
    birthDate: () => '1966-07-19',
    change: (person) => ({
      ...person,
      active: type === 'replaces',
      name: [
        { use: 'official', family: 'Halvorsen', given: type === 'replaces' ? ['Kirsten'] : ['Kristen'] },
      ],
      gender: 'female',
      link: [{ other: refer('Patient', other), type }],
    }),
    hasNoVisits: type === 'replaced-by',
  }
}

/** One of each kind of person that software forgets. Person 1 of the population is the first of these, and so on. */
export const UNUSUAL_PEOPLE: readonly UnusualPerson[] = [
  // 1: a patient of both organizations
  {
    birthDate: () => '1974-09-02',
    change: (person) => ({
      ...person,
      identifier: [...(person.identifier ?? []), { system: MEMBER, value: 'OW-7741-2209' }],
      name: [{ use: 'official', family: 'Marchetti', given: ['Renata'] }],
      gender: 'female',
    }),
  },
  // 2 and 3: two people with one name and one birth date
  named(TWIN_NAME, '1981-03-14'),
  named(TWIN_NAME, '1981-03-14'),
  // 4 and 5: one person who was registered twice and merged
  merged('patient-00005', 'replaced-by'),
  merged('patient-00004', 'replaces'),
  // 6: died last week and still has a visit booked
  {
    birthDate: (plan) => addYears(addDays(plan.anchorDate, -40), -81),
    change: (person, plan) => ({ ...person, deceasedDateTime: addDays(plan.anchorDate, -6) }),
    hasNoVisits: true,
  },
  // 7: three days old, not named yet
  {
    birthDate: (plan) => addDays(plan.anchorDate, -3),
    change: (person) => ({
      ...person,
      name: [{ use: 'temp', family: 'Alder', given: ['Baby girl'] }],
      gender: 'female',
    }),
  },
  // 8: 103 years old
  { birthDate: (plan) => addYears(addDays(plan.anchorDate, -91), -103) },
  // 9: born on 29 February
  { birthDate: () => '1988-02-29' },
  // 10 to 13: the shortest, the longest, and no name at all
  named({ family: 'O', given: ['Bo'] }),
  named({ family: 'Q', given: ['X'] }),
  named({
    family: 'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft',
    given: ['Hubert', 'Blaine', 'Maximilian', 'Alexander'],
  }),
  without('name'),
  // 14 to 17: other scripts
  named({ text: 'ليلى بنت خالد الهاشمي', family: 'الهاشمي', given: ['ليلى'] }),
  named({ text: 'יעל בן־דוד', family: 'בן־דוד', given: ['יעל'] }),
  named({ text: '王小明', family: '王', given: ['小明'] }),
  named({ text: '佐藤 さくら', family: '佐藤', given: ['さくら'] }),
  // 18 and 19: names that programs mistake for something else
  named({ family: 'Null', given: ['Christopher'] }),
  named({ family: "O'Brien-Núñez", given: ['Zoë', 'Señorita'] }),
  // 20: wants to be called otherwise than the law does
  {
    change: (person) => ({
      ...person,
      name: [
        { use: 'official', family: 'Castellano', given: ['Maximilian', 'Jude'] },
        { use: 'usual', family: 'Castellano', given: ['Juniper'] },
      ],
      gender: 'other',
    }),
  },
  // 21 to 23: cannot be called, written to, or visited
  without('telecom'),
  without('address'),
  without('telecom', 'address'),
  // 24 to 31: eight languages, the last two without translated templates
  speaking('es', 'Spanish'),
  speaking('zh', 'Chinese'),
  speaking('ar', 'Arabic'),
  speaking('fr', 'French'),
  speaking('vi', 'Vietnamese'),
  speaking('tl', 'Tagalog'),
  speaking('nv', 'Navajo'),
  speaking('ht', 'Haitian Creole'),
  // 32: everything not recorded
  {
    change: (person) =>
      ({
        resourceType: 'Patient',
        id: person.id,
        name: [{ extension: [{ url: DATA_ABSENT, valueCode: 'unknown' }] }],
        gender: 'unknown',
        _birthDate: { extension: [{ url: DATA_ABSENT, valueCode: 'unknown' }] },
      }) as Person,
    hasNoVisits: true,
  },
  // 33: only a year of birth is known
  { birthDate: () => '1957' },
]
