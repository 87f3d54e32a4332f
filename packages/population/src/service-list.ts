export type ServiceRow = {
  code: string
  name: string
  nameEs: string
  comment: string
  commentEs: string
  durationMinutes: number
  bufferBeforeMinutes: number
  bufferAfterMinutes: number
  startEveryMinutes: number
  leadTimeMinutes: number
  horizonDays: number
  cancelNoticeMinutes: number
  visitModes: readonly ('in-person' | 'video')[]
  referralRequired?: boolean
  minimumAgeYears?: number
  maximumAgeYears?: number
  needsRoom?: boolean
  needsInterpreter?: boolean
  sites: readonly SiteCode[]
}

type SiteCode = 'new-york' | 'phoenix' | 'st-johns'

const EVERYWHERE = ['new-york', 'phoenix', 'st-johns'] as const
const HOUR = 60
const DAY = 24 * HOUR

function row(
  code: string,
  words: Pick<ServiceRow, 'name' | 'nameEs' | 'comment' | 'commentEs'>,
  minutes: readonly [duration: number, before: number, after: number, startEvery: number],
  rules: Partial<ServiceRow> = {},
): ServiceRow {
  const [durationMinutes, bufferBeforeMinutes, bufferAfterMinutes, startEveryMinutes] = minutes
  return {
    code,
    ...words,
    durationMinutes,
    bufferBeforeMinutes,
    bufferAfterMinutes,
    startEveryMinutes,
    leadTimeMinutes: 2 * HOUR,
    horizonDays: 90,
    cancelNoticeMinutes: DAY,
    visitModes: ['in-person'],
    sites: EVERYWHERE,
    ...rules,
  }
}

/** What people can book, in plain words. */
export const SERVICES: readonly ServiceRow[] = [
  row(
    'new-patient',
    {
      name: 'New patient visit',
      nameEs: 'Primera visita',
      comment: 'Your first visit with us. We talk about your health and make a plan together.',
      commentEs: 'Su primera visita. Hablamos de su salud y hacemos un plan juntos.',
    },
    [40, 0, 10, 10],
    { leadTimeMinutes: DAY },
  ),
  row(
    'check-up',
    {
      name: 'Check-up',
      nameEs: 'Revisión general',
      comment: 'A yearly visit to see how you are and what is due.',
      commentEs: 'Una visita anual para ver cómo está y qué le toca.',
    },
    [30, 0, 0, 30],
    { minimumAgeYears: 18 },
  ),
  row(
    'follow-up',
    {
      name: 'Follow-up',
      nameEs: 'Visita de seguimiento',
      comment: 'A short visit to go on with something we already know about. In person or by video.',
      commentEs: 'Una visita corta para seguir con algo que ya conocemos. En persona o por video.',
    },
    [20, 0, 5, 5],
    { visitModes: ['in-person', 'video'], leadTimeMinutes: HOUR, cancelNoticeMinutes: 4 * HOUR },
  ),
  row(
    'child-check-up',
    {
      name: 'Child check-up',
      nameEs: 'Revisión infantil',
      comment: 'For children and teenagers up to 17: growth, vaccines and questions.',
      commentEs: 'Para niños y jóvenes hasta los 17 años: crecimiento, vacunas y preguntas.',
    },
    [30, 0, 5, 5],
    { maximumAgeYears: 17 },
  ),
  row(
    'blood-test',
    {
      name: 'Blood test',
      nameEs: 'Análisis de sangre',
      comment: 'A nurse takes a blood sample. Ask us if you must come without breakfast.',
      commentEs: 'Una enfermera toma una muestra de sangre. Pregunte si debe venir en ayunas.',
    },
    [10, 0, 5, 5],
    { leadTimeMinutes: 30, horizonDays: 60, cancelNoticeMinutes: 2 * HOUR },
  ),
  row(
    'vaccination',
    {
      name: 'Vaccination',
      nameEs: 'Vacunación',
      comment: 'Flu, COVID-19, shingles and other vaccines.',
      commentEs: 'Vacunas contra la gripe, COVID-19, herpes zóster y otras.',
    },
    [15, 0, 5, 5],
    { leadTimeMinutes: 30, horizonDays: 60, cancelNoticeMinutes: 2 * HOUR },
  ),
  row(
    'physical-therapy',
    {
      name: 'Physical therapy',
      nameEs: 'Fisioterapia',
      comment: 'Exercises and treatment for pain, stiffness or after an injury.',
      commentEs: 'Ejercicios y tratamiento para dolor, rigidez o después de una lesión.',
    },
    [45, 0, 15, 15],
  ),
  row(
    'mental-health-talk',
    {
      name: 'Mental health talk',
      nameEs: 'Conversación sobre salud mental',
      comment: 'A private talk by video about how you feel and what may help.',
      commentEs: 'Una conversación privada por video sobre cómo se siente y qué puede ayudar.',
    },
    [50, 0, 10, 15],
    { visitModes: ['video'], leadTimeMinutes: 4 * HOUR },
  ),
  row(
    'diabetes-coaching',
    {
      name: 'Diabetes coaching',
      nameEs: 'Apoyo para la diabetes',
      comment: 'Food, movement, medicine and measuring: what works for you.',
      commentEs: 'Comida, movimiento, medicinas y mediciones: lo que le funciona a usted.',
    },
    [40, 5, 5, 10],
    { visitModes: ['in-person', 'video'], minimumAgeYears: 16 },
  ),
  row(
    'cardiology',
    {
      name: 'Heart specialist',
      nameEs: 'Especialista del corazón',
      comment: 'A visit with our cardiologist. You need a referral from your clinician first.',
      commentEs: 'Una visita con cardiología. Primero necesita una derivación de su médico.',
    },
    [40, 5, 10, 15],
    { referralRequired: true, leadTimeMinutes: 2 * DAY, sites: ['new-york', 'phoenix'] },
  ),
  row(
    'wellness-65',
    {
      name: '65+ wellness visit',
      nameEs: 'Visita de bienestar 65+',
      comment: 'For people of 65 and over: memory, balance, medicines and what matters to you.',
      commentEs: 'Para personas de 65 años o más: memoria, equilibrio, medicinas y lo que le importa.',
    },
    [45, 0, 10, 5],
    { minimumAgeYears: 65 },
  ),
  row(
    'joint-visit',
    {
      name: 'Visit with interpreter and room',
      nameEs: 'Visita con intérprete y sala',
      comment: 'A long talk about a big decision, with an interpreter beside you in a quiet room.',
      commentEs:
        'Una conversación larga sobre una decisión importante, con intérprete en una sala tranquila.',
    },
    [60, 0, 0, 60],
    { needsRoom: true, needsInterpreter: true, leadTimeMinutes: DAY, horizonDays: 60, sites: ['new-york'] },
  ),
]

export function serviceRow(code: string): ServiceRow {
  const found = SERVICES.find((service) => service.code === code)
  if (!found) throw new Error(`No service has the code ${code}`)
  return found
}
