import type { HumanName } from '@medplum/fhirtypes'

import { DEMO_ACCOUNTS } from './accounts.ts'
import { personAt } from './people.ts'
import type { PopulationPlan } from './plan.ts'
import { sitesOf } from './site-list.ts'
import { cliniciansOf } from './staff-list.ts'
import { storyPatients } from './story-people.ts'
import { HOME_CLINICIANS, INTERPRETERS } from './visiting-staff-list.ts'

/** A name as it is shown: what the person goes by before what the law says. */
function shown(names: readonly HumanName[] | undefined): string | undefined {
  const name = names?.find(({ use }) => use === 'usual') ?? names?.[0]
  const text =
    name?.text ?? [...(name?.prefix ?? []), ...(name?.given ?? []), name?.family].filter(Boolean).join(' ')
  return text === '' ? undefined : text
}

/** What references show beside the id: names of people, sites and rooms. */
export class Displays {
  readonly #plan: PopulationPlan
  readonly #known = new Map<string, string | undefined>()

  constructor(plan: PopulationPlan) {
    this.#plan = plan
    for (const { fhirUser, name } of DEMO_ACCOUNTS) this.#known.set(fhirUser.split('/')[1] ?? '', name)
    for (const person of [...cliniciansOf(plan), ...HOME_CLINICIANS, ...INTERPRETERS]) {
      const prefix = 'prefix' in person ? [person.prefix] : []
      this.#known.set(
        person.id,
        shown([
          { ...(prefix[0] ? { prefix: [prefix[0]] } : {}), given: [person.given], family: person.family },
        ]),
      )
    }
    for (const site of sitesOf(plan)) {
      this.#known.set(site.id, site.name)
      for (const room of site.rooms) this.#known.set(room.id, room.name)
    }
    for (const { id, name } of storyPatients(plan)) this.#known.set(id ?? '', shown(name))
  }

  /** Undefined for people whose name is not recorded. */
  of(id: string): string | undefined {
    if (this.#known.has(id)) return this.#known.get(id)
    const number = /^patient-(\d+)$/.exec(id)?.[1]
    const display = number === undefined ? undefined : shown(personAt(this.#plan, Number(number)).name)
    this.#known.set(id, display)
    return display
  }
}
