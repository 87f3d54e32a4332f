import type { JsonObject } from '../../fhir/json.ts'
import type { OutcomeIssue } from '../../fhir/outcome.ts'
import type { Container } from '../report.ts'
import type { Item } from './items.ts'
import type { KnownProfiles } from './known.ts'
import type { Profile } from './tree.ts'

/** One check of one resource against profiles. */
export interface ProfileCheck {
  issues: OutcomeIssue[]
  /** What could not be judged, in words. */
  gaps: Set<string>
  known: KnownProfiles
  resource: JsonObject
  root: Container
  /** Elements still to be looked at, for the whole request. */
  budget: { left: number }
}

/** Would the item keep the profile? */
export type Conforms = (item: Item, profile: Profile, check: ProfileCheck) => boolean
