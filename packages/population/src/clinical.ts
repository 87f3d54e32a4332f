import type { Observation, Resource } from '@medplum/fhirtypes'

import { addDays, ageOn } from './dates.ts'
import { birthDateOf, canHaveVisits, isDeep, patientId } from './people.ts'
import type { PopulationPlan } from './plan.ts'
import { type Random, randomFor } from './random.ts'
import { concept, refer } from './resources.ts'

const LOINC = 'http://loinc.org'
const SNOMED = 'http://snomed.info/sct'
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm'
const UCUM = 'http://unitsofmeasure.org'
const OBSERVATION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category'

type Illness = {
  snomed: string
  name: string
  fromAge: number
  toAge: number
  probability: number
  medicine: readonly [rxnorm: string, name: string, dosage: string]
}

const ILLNESSES: readonly Illness[] = [
  {
    snomed: '38341003',
    name: 'High blood pressure',
    fromAge: 35,
    toAge: 120,
    probability: 0.55,
    medicine: ['314076', 'Lisinopril 10 mg tablet', 'One tablet each morning'],
  },
  {
    snomed: '44054006',
    name: 'Type 2 diabetes',
    fromAge: 35,
    toAge: 120,
    probability: 0.3,
    medicine: ['860975', 'Metformin 500 mg extended-release tablet', 'One tablet with the evening meal'],
  },
  {
    snomed: '55822004',
    name: 'High cholesterol',
    fromAge: 40,
    toAge: 120,
    probability: 0.35,
    medicine: ['617318', 'Atorvastatin 20 mg tablet', 'One tablet in the evening'],
  },
  {
    snomed: '195967001',
    name: 'Asthma',
    fromAge: 4,
    toAge: 70,
    probability: 0.15,
    medicine: ['745752', 'Albuterol 90 microgram inhaler', 'Two puffs when short of breath'],
  },
  {
    snomed: '35489007',
    name: 'Depression',
    fromAge: 16,
    toAge: 120,
    probability: 0.16,
    medicine: ['312941', 'Sertraline 50 mg tablet', 'One tablet each morning'],
  },
  {
    snomed: '396275006',
    name: 'Osteoarthritis',
    fromAge: 50,
    toAge: 120,
    probability: 0.35,
    medicine: ['198440', 'Acetaminophen 500 mg tablet', 'Up to six tablets a day when in pain'],
  },
]

const ALLERGIES = [
  ['91936005', 'Allergy to penicillin'],
  ['300913006', 'Allergy to shellfish'],
  ['300916003', 'Latex allergy'],
] as const

function* illness(
  plan: PopulationPlan,
  patient: string,
  index: number,
  row: Illness,
  random: Random,
): Generator<Resource> {
  const subject = refer('Patient', patient)
  const since = addDays(plan.anchorDate, -random.int(200, 3_000))
  yield {
    resourceType: 'Condition',
    id: `condition-${patient}-${index}`,
    clinicalStatus: concept('http://terminology.hl7.org/CodeSystem/condition-clinical', 'active', 'Active'),
    verificationStatus: concept(
      'http://terminology.hl7.org/CodeSystem/condition-ver-status',
      'confirmed',
      'Confirmed',
    ),
    category: [
      concept(
        'http://terminology.hl7.org/CodeSystem/condition-category',
        'problem-list-item',
        'Problem List Item',
      ),
    ],
    code: concept(SNOMED, row.snomed, row.name),
    subject,
    onsetDateTime: since,
    recordedDate: since,
  }
  const [code, name, text] = row.medicine
  yield {
    resourceType: 'MedicationRequest',
    id: `medicine-${patient}-${index}`,
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: concept(RXNORM, code, name),
    subject,
    authoredOn: addDays(plan.anchorDate, -random.int(5, 170)),
    requester: refer('Practitioner', clinicianOf(plan)),
    dosageInstruction: [{ text }],
  }
}

function clinicianOf(plan: PopulationPlan): string {
  return plan.organization === 'openward' ? 'demo-clinician' : 'clinician-01'
}

function quantity(value: number, unit: string, code: string): Observation['valueQuantity'] & object {
  return { value, unit, system: UCUM, code }
}

function observation(
  patient: string,
  key: string,
  date: string,
  category: 'vital-signs' | 'laboratory',
  code: readonly [string, string],
): Observation {
  const text = category === 'vital-signs' ? 'Vital Signs' : 'Laboratory'
  return {
    resourceType: 'Observation',
    id: `${key}-${patient}-${date}`,
    status: 'final',
    category: [concept(OBSERVATION_CATEGORY, category, text)],
    code: concept(LOINC, code[0], code[1]),
    subject: refer('Patient', patient),
    effectiveDateTime: date,
  }
}

function bloodPressure(patient: string, date: string, systolic: number, diastolic: number): Observation {
  return {
    ...observation(patient, 'blood-pressure', date, 'vital-signs', ['85354-9', 'Blood pressure']),
    component: [
      {
        code: concept(LOINC, '8480-6', 'Systolic blood pressure'),
        valueQuantity: quantity(systolic, 'mmHg', 'mm[Hg]'),
      },
      {
        code: concept(LOINC, '8462-4', 'Diastolic blood pressure'),
        valueQuantity: quantity(diastolic, 'mmHg', 'mm[Hg]'),
      },
    ],
  }
}

function* measurements(
  plan: PopulationPlan,
  patient: string,
  age: number,
  isDiabetic: boolean,
  random: Random,
): Generator<Observation> {
  const systolic = random.int(112, 148)
  let weightKg = age < 18 ? 12 + age * 2.9 : random.int(54, 104)
  for (let back = 3; back >= 0; back -= 1) {
    const date = addDays(plan.anchorDate, -back * 84 - random.int(2, 40))
    if (age >= 12) yield bloodPressure(patient, date, systolic + random.int(-9, 9), random.int(66, 92))
    if (back === 1) continue
    weightKg += random.int(-15, 15) / 10
    const weight = quantity(Math.round(weightKg * 10) / 10, 'kg', 'kg')
    yield {
      ...observation(patient, 'weight', date, 'vital-signs', ['29463-7', 'Body weight']),
      valueQuantity: weight,
    }
    if (!isDiabetic) continue
    const hba1c = quantity(random.int(58, 91) / 10, '%', '%')
    yield {
      ...observation(patient, 'hba1c', date, 'laboratory', ['4548-4', 'Hemoglobin A1c']),
      valueQuantity: hba1c,
    }
  }
}

function* deepRecord(
  plan: PopulationPlan,
  patient: string,
  age: number,
  rows: readonly Illness[],
): Generator<Resource> {
  const random = randomFor(plan.seed, plan.organization, 'record', patient)
  for (const [index, row] of rows.entries()) yield* illness(plan, patient, index + 1, row, random)
  if (random.chance(0.3)) {
    const [code, name] = random.pick(ALLERGIES)
    yield {
      resourceType: 'AllergyIntolerance',
      id: `allergy-${patient}`,
      clinicalStatus: concept(
        'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical',
        'active',
        'Active',
      ),
      verificationStatus: concept(
        'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification',
        'confirmed',
        'Confirmed',
      ),
      code: concept(SNOMED, code, name),
      patient: refer('Patient', patient),
    }
  }
  yield* measurements(
    plan,
    patient,
    age,
    rows.some(({ snomed }) => snomed === '44054006'),
    random,
  )
}

function fluVaccine(plan: PopulationPlan, patient: string, random: Random): Resource {
  return {
    resourceType: 'Immunization',
    id: `flu-vaccine-${patient}`,
    status: 'completed',
    vaccineCode: concept('http://hl7.org/fhir/sid/cvx', '150', 'Influenza vaccine'),
    patient: refer('Patient', patient),
    occurrenceDateTime: addDays(plan.anchorDate, -random.int(20, 330)),
    primarySource: true,
  }
}

/** What is on record about `demo-patient`. */
export function* storyRecord(plan: PopulationPlan): Generator<Resource> {
  if (plan.organization !== 'openward') return
  yield* deepRecord(plan, 'demo-patient', 44, ILLNESSES.slice(0, 2))
}

/** What is on record about a numbered person: illnesses, medicines and measurements for one in five, little for the others. */
export function* clinicalRecord(plan: PopulationPlan, number: number): Generator<Resource> {
  if (!canHaveVisits(plan, number)) return
  const patient = patientId(number)
  const random = randomFor(plan.seed, plan.organization, 'clinical', number)
  if (random.chance(0.5)) yield fluVaccine(plan, patient, random)
  if (!isDeep(plan, number)) return
  const age = ageOn(birthDateOf(plan, number), plan.anchorDate)
  const rows = ILLNESSES.filter(
    ({ fromAge, toAge, probability }) => age >= fromAge && age <= toAge && random.chance(probability),
  )
  yield* deepRecord(plan, patient, age, rows)
}
