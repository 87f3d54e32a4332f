/** What a population depends on, and nothing else: the same plan gives the same bytes. */
export type PopulationPlan = {
  seed: string | number
  /** The day that is "today" in the data, `YYYY-MM-DD`. */
  anchorDate: string
  /** Epoch milliseconds; decides which of today's visits are over. */
  now: number
  /** `demo` is 1,500 people (60 at Lakeside); `empty` is one organization and its administrator. */
  patients: number | 'demo' | 'empty'
  organization: 'openward' | 'lakeside'
}

const DEMO_PATIENTS = { openward: 1_500, lakeside: 60 } as const

/** How many people the plan asks for, demo people included. */
export function peopleIn(plan: PopulationPlan): number {
  if (plan.patients === 'empty') return 0
  return plan.patients === 'demo' || plan.organization === 'lakeside'
    ? DEMO_PATIENTS[plan.organization]
    : plan.patients
}
