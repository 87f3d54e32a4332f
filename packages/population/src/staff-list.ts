import { addDays, weekdayOf } from './dates.ts'
import type { PopulationPlan } from './plan.ts'

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'
/** Working time as minutes of the day; the days a role holds. */
type HoursRow = { days: readonly Weekday[]; windows: readonly (readonly [from: number, to: number])[] }
export type ClinicRole = {
  /** Set when the clinician holds several roles. */
  suffix?: string
  siteId: string
  services: readonly string[]
  hours: HoursRow
  isVideoOnly?: boolean
}
export type ClinicianRow = {
  id: string
  given: string
  family: string
  prefix?: string
  gender: 'female' | 'male' | 'other'
  title: string
  languages: readonly string[]
  roles: readonly ClinicRole[]
  story?: 'full' | 'on-leave' | 'tuesdays' | 'video' | 'joint'
}

export const JOINT_CLINICIAN = 'clinician-11'
const NEW_YORK = 'site-new-york'
const PHOENIX = 'site-phoenix'
const ST_JOHNS = 'site-st-johns'

const MON_TO_FRI = ['mon', 'tue', 'wed', 'thu', 'fri'] as const
const EARLY = [
  [480, 720],
  [750, 930],
] as const
const NINE_TO_FIVE = [
  [540, 720],
  [780, 1020],
] as const
const SHORT = [
  [540, 720],
  [780, 960],
] as const
const LATE = [
  [660, 840],
  [870, 1080],
] as const

const FAMILY = ['new-patient', 'follow-up', 'child-check-up', 'wellness-65'] as const
const GENERAL = ['new-patient', 'check-up', 'follow-up', 'wellness-65'] as const
const NURSE = ['blood-test', 'vaccination', 'follow-up'] as const

function hours(days: readonly Weekday[], windows: HoursRow['windows']): HoursRow {
  return { days, windows }
}

function one(
  siteId: string,
  services: readonly string[],
  days: readonly Weekday[],
  windows: HoursRow['windows'],
): readonly ClinicRole[] {
  return [{ siteId, services, hours: hours(days, windows) }]
}

type Words = readonly [prefix: string, given: string, family: string, gender: ClinicianRow['gender']]

function clinician(
  id: string,
  [prefix, given, family, gender]: Words,
  title: string,
  languages: readonly string[],
  roles: readonly ClinicRole[],
  story?: ClinicianRow['story'],
): ClinicianRow {
  const row = { id, given, family, gender, title, languages, roles }
  return { ...row, ...(prefix ? { prefix } : {}), ...(story ? { story } : {}) }
}

/** The weekdays on which the joint visit is offered: the first working day a week after the anchor. */
export function jointDate(plan: PopulationPlan): string {
  let date = addDays(plan.anchorDate, 7)
  while (weekdayOf(date) === 'sat' || weekdayOf(date) === 'sun') date = addDays(date, 1)
  return date
}

function jointRoles(plan: PopulationPlan): readonly ClinicRole[] {
  const jointDay = weekdayOf(jointDate(plan))
  const others = MON_TO_FRI.filter((day) => day !== jointDay).slice(0, 3)
  return [
    { suffix: 'joint', siteId: NEW_YORK, services: ['joint-visit'], hours: hours([jointDay], [[540, 720]]) },
    { siteId: NEW_YORK, services: ['new-patient', 'follow-up'], hours: hours(others, SHORT) },
  ]
}

function openwardClinicians(plan: PopulationPlan): readonly ClinicianRow[] {
  return [
    clinician(
      'demo-clinician',
      ['Dr.', 'Priya', 'Raman', 'female'],
      'Family doctor',
      ['en', 'hi'],
      one(NEW_YORK, GENERAL, MON_TO_FRI, NINE_TO_FIVE),
    ),
    clinician(
      'clinician-01',
      ['Dr.', 'Aaron', 'Feldman', 'male'],
      'Family doctor',
      ['en', 'es'],
      one(NEW_YORK, FAMILY, ['mon', 'tue', 'wed', 'thu'], EARLY),
    ),
    clinician(
      'clinician-02',
      ['Dr.', 'Mei', 'Zhao', 'female'],
      'Family doctor',
      ['en', 'zh'],
      one(NEW_YORK, GENERAL, ['wed', 'thu', 'fri', 'sat', 'sun'], SHORT),
    ),
    clinician(
      'clinician-03',
      ['Dr.', 'Chidi', 'Eze', 'male'],
      'Internal medicine',
      ['en', 'fr'],
      one(NEW_YORK, ['check-up'], MON_TO_FRI, SHORT),
      'full',
    ),
    clinician(
      'clinician-04',
      ['Dr.', 'Rosa', 'Villanueva', 'female'],
      'Pediatrician',
      ['en', 'es'],
      one(NEW_YORK, ['child-check-up', 'follow-up'], ['mon', 'tue', 'thu', 'fri'], NINE_TO_FIVE),
    ),
    clinician(
      'clinician-05',
      ['', 'Hannah', 'Brooks', 'female'],
      'Nurse',
      ['en'],
      one(NEW_YORK, NURSE, MON_TO_FRI, EARLY),
    ),
    clinician(
      'clinician-06',
      ['', 'Dmitri', 'Sokolov', 'male'],
      'Physical therapist',
      ['en', 'ru'],
      one(NEW_YORK, ['physical-therapy'], ['mon', 'wed', 'thu', 'fri'], NINE_TO_FIVE),
    ),
    clinician(
      'clinician-07',
      ['Dr.', 'Lena', 'Hoffmann', 'female'],
      'Psychologist',
      ['en', 'es'],
      [
        {
          siteId: NEW_YORK,
          services: ['mental-health-talk'],
          hours: hours(MON_TO_FRI, LATE),
          isVideoOnly: true,
        },
      ],
      'video',
    ),
    clinician(
      'clinician-08',
      ['Dr.', 'Samir', 'Nassar', 'male'],
      'Cardiologist',
      ['en', 'ar'],
      one(NEW_YORK, ['cardiology'], ['mon', 'tue', 'thu'], SHORT),
    ),
    clinician(
      'clinician-09',
      ['Dr.', 'Grainne', 'Doyle', 'female'],
      'Family doctor',
      ['en'],
      one(NEW_YORK, GENERAL, ['tue'], NINE_TO_FIVE),
      'tuesdays',
    ),
    clinician(
      'clinician-10',
      ['', 'Yolanda', 'Price', 'female'],
      'Diabetes coach',
      ['en', 'es'],
      one(NEW_YORK, ['diabetes-coaching'], ['mon', 'tue', 'wed', 'fri'], NINE_TO_FIVE),
    ),
    clinician(
      JOINT_CLINICIAN,
      ['Dr.', 'Isabel', 'Amaro', 'female'],
      'Family doctor',
      ['en', 'pt'],
      jointRoles(plan),
      'joint',
    ),
    clinician(
      'clinician-12',
      ['Dr.', 'Tsosie', 'Benally', 'male'],
      'Family doctor',
      ['en', 'nv'],
      one(PHOENIX, FAMILY, MON_TO_FRI, EARLY),
    ),
    clinician(
      'clinician-13',
      ['Dr.', 'Elena', 'Cordero', 'female'],
      'Family doctor',
      ['en', 'es'],
      one(PHOENIX, GENERAL, ['mon', 'tue', 'thu', 'fri'], NINE_TO_FIVE),
    ),
    clinician(
      'clinician-14',
      ['Dr.', 'Walter', 'Kimball', 'male'],
      'Internal medicine',
      ['en'],
      one(PHOENIX, GENERAL, MON_TO_FRI, SHORT),
      'on-leave',
    ),
    clinician(
      'clinician-15',
      ['', 'Amara', 'Diallo', 'female'],
      'Nurse',
      ['en', 'fr'],
      one(PHOENIX, NURSE, MON_TO_FRI, EARLY),
    ),
    clinician(
      'clinician-16',
      ['', 'Joel', 'Tanaka', 'male'],
      'Physical therapist',
      ['en', 'ja'],
      one(PHOENIX, ['physical-therapy'], ['tue', 'wed', 'thu', 'fri'], NINE_TO_FIVE),
    ),
    clinician(
      'clinician-17',
      ['Dr.', 'Farah', 'Rahimi', 'female'],
      'Psychologist',
      ['en', 'fa'],
      one(PHOENIX, ['mental-health-talk'], ['mon', 'tue', 'wed'], LATE),
    ),
    clinician(
      'clinician-18',
      ['Dr.', 'Miguel', 'Santos', 'male'],
      'Cardiologist',
      ['en', 'es', 'tl'],
      one(PHOENIX, ['cardiology'], ['wed', 'fri'], SHORT),
    ),
    clinician(
      'clinician-19',
      ['Dr.', 'Sheila', 'Power', 'female'],
      'Family doctor',
      ['en', 'fr'],
      one(ST_JOHNS, FAMILY, MON_TO_FRI, NINE_TO_FIVE),
    ),
    clinician(
      'clinician-20',
      ['Dr.', 'Gordon', 'Pike', 'male'],
      'Family doctor',
      ['en'],
      [
        {
          suffix: 'st-johns',
          siteId: ST_JOHNS,
          services: GENERAL,
          hours: hours(['mon', 'tue', 'wed'], SHORT),
        },
        {
          suffix: 'new-york',
          siteId: NEW_YORK,
          services: ['mental-health-talk'],
          hours: hours(['fri'], SHORT),
          isVideoOnly: true,
        },
      ],
    ),
    clinician(
      'clinician-21',
      ['', 'Noreen', 'Butt', 'female'],
      'Nurse',
      ['en'],
      one(ST_JOHNS, NURSE, ['mon', 'tue', 'thu', 'fri'], EARLY),
    ),
  ]
}

const LAKESIDE_CLINICIANS: readonly ClinicianRow[] = [
  clinician(
    'clinician-01',
    ['Dr.', 'Karen', 'Lindgren', 'female'],
    'Family doctor',
    ['en', 'es'],
    one('site-lakeside', ['check-up', 'follow-up', 'child-check-up'], MON_TO_FRI, NINE_TO_FIVE),
  ),
  clinician(
    'clinician-02',
    ['', 'Desmond', 'Clarke', 'male'],
    'Nurse',
    ['en'],
    one('site-lakeside', NURSE, MON_TO_FRI, EARLY),
  ),
]

export function cliniciansOf(plan: PopulationPlan): readonly ClinicianRow[] {
  return plan.organization === 'openward' ? openwardClinicians(plan) : LAKESIDE_CLINICIANS
}
