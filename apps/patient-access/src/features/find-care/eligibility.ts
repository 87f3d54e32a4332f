import type { HealthcareService } from '@medplum/fhirtypes'
import { serviceRulesFrom } from '@openward/scheduling'

/** What the rules of a service say about a person before any time is looked for. The server decides; this only saves a wasted way. */
export type Eligibility = {
  durationMinutes: number | undefined
  modes: readonly ('in-person' | 'video')[]
  needsReferral: boolean
  needsInterpreter: boolean
  least: number | undefined
  most: number | undefined
  /** False when the person's age is known and outside the limits. */
  isOfAge: boolean
}

export function eligibilityOf(service: HealthcareService, ageYears: number | undefined): Eligibility {
  const rules = serviceRulesFrom(service)
  const value = rules.ok ? rules.value : undefined
  const least = value?.minimumAgeYears
  const most = value?.maximumAgeYears
  return {
    durationMinutes: value?.durationMinutes,
    modes: value?.visitModes ?? [],
    needsReferral: value?.referralRequired === true,
    needsInterpreter: value?.needsInterpreter === true,
    least,
    most,
    isOfAge:
      ageYears === undefined || (ageYears >= (least ?? 0) && ageYears <= (most ?? Number.POSITIVE_INFINITY)),
  }
}

/** Everyday words that people use for a service, by its code, so that "shot" finds the vaccination. Both languages at once. */
export const EVERYDAY_WORDS: Readonly<Record<string, string>> = {
  'new-patient': 'first visit new doctor register join primera nuevo paciente',
  'check-up': 'checkup physical yearly annual exam general chequeo examen anual',
  'follow-up':
    'again results control question refill medicine tired cough pain resultados receta medicina dolor tos cansancio',
  'child-check-up': 'kid baby teenager school well child pediatric nino nina bebe hijo hija escuela pediatra',
  'blood-test': 'lab labs draw sample cholesterol sugar laboratorio muestra colesterol azucar',
  vaccination: 'shot jab flu covid vaccine immunization booster tetanus travel vacuna inyeccion gripe',
  'physical-therapy':
    'back knee shoulder neck pain injury exercise physio espalda rodilla hombro cuello lesion ejercicio',
  'mental-health-talk':
    'sad anxious anxiety depression stress sleep worry therapist counselor triste ansiedad depresion estres dormir',
  'diabetes-coaching': 'sugar insulin food diet weight azucar insulina comida dieta peso',
  cardiology: 'heart cardiologist chest blood pressure corazon cardiologo pecho presion',
  'wellness-65': 'senior older medicare memory mayor memoria',
  'joint-visit': 'interpreter language interprete idioma',
}
