import type { Resource } from '@medplum/fhirtypes'
import { SYSTEM } from '@openward/fhir-client/canonical'

import { clinicalRecord, storyRecord } from './clinical.ts'
import { planClinicVisits } from './clinic-visits.ts'
import { addDays, instantAt } from './dates.ts'
import { Displays } from './displays.ts'
import { facilityResources, organizationResource, scheduleResource } from './facilities.ts'
import { careTeams, homeClients, homeEncounter, outreachGroups } from './panel.ts'
import { numberedPeople, personAt } from './people.ts'
import type { PopulationPlan } from './plan.ts'
import { asTestData, concept, refer } from './resources.ts'
import { serviceRow } from './service-list.ts'
import { sitesOf } from './site-list.ts'
import { officeStaff, staffResources } from './staff.ts'
import { proxyResources, storyPatients } from './story-people.ts'
import { planHomeVisits, planStoryVisits } from './story-visits.ts'
import { appointmentOf, slotsOf, type Visit } from './visit.ts'
import { VisitPlanner } from './visit-planner.ts'

function* people(plan: PopulationPlan): Generator<Resource> {
  yield* storyPatients(plan)
  for (let number = 1; number <= numberedPeople(plan); number += 1) yield personAt(plan, number)
  yield* proxyResources(plan)
}

function* clinicalRecords(plan: PopulationPlan): Generator<Resource> {
  yield* storyRecord(plan)
  for (let number = 1; number <= numberedPeople(plan); number += 1) yield* clinicalRecord(plan, number)
}

/** Orders for the visits that need a referral; whoever has no such visit has none, and is told so when booking. */
function* referrals(plan: PopulationPlan, planned: readonly Visit[]): Generator<Resource> {
  const referred = planned.filter(
    ({ serviceCode, serviceName }) => !serviceName && serviceRow(serviceCode).referralRequired,
  )
  for (const patient of new Set(referred.map(({ patientId }) => patientId))) {
    yield {
      resourceType: 'ServiceRequest',
      id: `referral-${patient}`,
      status: 'active',
      intent: 'order',
      category: [concept('http://snomed.info/sct', '3457005', 'Patient referral')],
      code: concept(SYSTEM.serviceType, 'cardiology', serviceRow('cardiology').name),
      subject: refer('Patient', patient),
      authoredOn: addDays(plan.anchorDate, -70),
      requester: refer('Practitioner', 'demo-clinician'),
    }
  }
}

/** Calendars of the people who come, then taken time, then the visits that name it. */
function* visits(plan: PopulationPlan, displays: Displays): Generator<Resource> {
  const planner = new VisitPlanner(plan)
  planStoryVisits(plan, planner)
  planHomeVisits(plan, planner, homeClients(plan))
  const blocked = planClinicVisits(plan, planner)
  const fromMs = instantAt(plan.anchorDate, 0, sitesOf(plan)[0]?.timeZone ?? 'UTC')
  const withCalendar = new Set<string>()
  for (const visit of planner.visits) {
    if (slotsOf(visit, fromMs).length === 0 || withCalendar.has(visit.patientId)) continue
    withCalendar.add(visit.patientId)
    yield scheduleResource(plan, 'patient', visit.patientId)
  }
  yield* blocked
  yield* referrals(plan, planner.visits)
  for (const visit of planner.visits) yield* slotsOf(visit, fromMs)
  for (const visit of planner.visits) yield appointmentOf(visit, fromMs, displays)
  for (const visit of planner.visits)
    if (visit.serviceCode === 'home-visit') yield homeEncounter(plan, visit, displays)
}

function* emptyPopulation(plan: PopulationPlan): Generator<Resource> {
  yield organizationResource(plan)
  yield* officeStaff(plan, 'administrator')
}

/**
 * Streams a synthetic population: the same plan gives the same bytes. What is referred to comes before what refers to
 * it (merged people, who name each other, excepted). Nothing in it is a real person; every resource is tagged HTEST.
 */
export function* generatePopulation(plan: PopulationPlan): Generator<Resource & { id: string }> {
  for (const resource of plan.patients === 'empty' ? emptyPopulation(plan) : everything(plan)) {
    yield asTestData(resource) as Resource & { id: string }
  }
}

function* everything(plan: PopulationPlan): Generator<Resource> {
  const displays = new Displays(plan)
  yield* facilityResources(plan)
  yield* staffResources(plan)
  yield* people(plan)
  yield* visits(plan, displays)
  yield* careTeams(plan, displays)
  yield* clinicalRecords(plan)
  yield* outreachGroups(plan)
}
