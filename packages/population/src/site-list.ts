import { addDays, addYears } from './dates.ts'
import type { PopulationPlan } from './plan.ts'
import type { Weekday } from './staff-list.ts'

type RoomRow = { id: string; name: string }
export type SiteRow = {
  id: string
  name: string
  timeZone: string
  street: string
  city: string
  state: string
  postalCode: string
  country: string
  areaCode: string
  latitude: number
  longitude: number
  hours: readonly { days: readonly Weekday[]; from: string; to: string }[]
  rooms: readonly RoomRow[]
}
export type ClosureRow = { start: string; end: string; reason: string }

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'] as const
const WEEKEND = ['sat', 'sun'] as const

const OPENWARD_SITES: readonly SiteRow[] = [
  {
    id: 'site-new-york',
    name: 'Openward New York',
    timeZone: 'America/New_York',
    street: '410 Juniper Walk',
    city: 'New York',
    state: 'NY',
    postalCode: '10027',
    country: 'US',
    areaCode: '212',
    latitude: 40.8116,
    longitude: -73.9465,
    hours: [
      { days: WEEKDAYS, from: '07:00:00', to: '19:00:00' },
      { days: WEEKEND, from: '08:00:00', to: '17:00:00' },
    ],
    rooms: [{ id: 'room-new-york-1', name: 'Quiet room, New York' }],
  },
  {
    id: 'site-phoenix',
    name: 'Openward Phoenix',
    timeZone: 'America/Phoenix',
    street: '88 Mesquite Loop',
    city: 'Phoenix',
    state: 'AZ',
    postalCode: '85006',
    country: 'US',
    areaCode: '602',
    latitude: 33.4626,
    longitude: -112.0492,
    hours: [{ days: WEEKDAYS, from: '07:00:00', to: '18:00:00' }],
    rooms: [
      { id: 'room-phoenix-1', name: 'Room 1, Phoenix' },
      { id: 'room-phoenix-2', name: 'Room 2, Phoenix' },
    ],
  },
  {
    id: 'site-st-johns',
    name: "Openward St John's",
    timeZone: 'America/St_Johns',
    street: '17 Fogline Terrace',
    city: "St John's",
    state: 'NL',
    postalCode: 'A1C 5T2',
    country: 'CA',
    areaCode: '709',
    latitude: 47.5701,
    longitude: -52.7079,
    hours: [{ days: WEEKDAYS, from: '08:00:00', to: '18:00:00' }],
    rooms: [{ id: 'room-st-johns-1', name: "Room 1, St John's" }],
  },
]

const LAKESIDE_SITES: readonly SiteRow[] = [
  {
    id: 'site-lakeside',
    name: 'Lakeside Clinic',
    timeZone: 'America/Chicago',
    street: '5 Harbor Reed Lane',
    city: 'Milwaukee',
    state: 'WI',
    postalCode: '53202',
    country: 'US',
    areaCode: '414',
    latitude: 43.0445,
    longitude: -87.8995,
    hours: [{ days: WEEKDAYS, from: '08:00:00', to: '18:00:00' }],
    rooms: [{ id: 'room-lakeside-1', name: 'Room 1, Lakeside' }],
  },
]

export function sitesOf(plan: PopulationPlan): readonly SiteRow[] {
  return plan.organization === 'openward' ? OPENWARD_SITES : LAKESIDE_SITES
}

/** The clinic holiday is always a fortnight after the anchor date. */
function holidayOf(plan: PopulationPlan): string {
  return addDays(plan.anchorDate, 14)
}

/** When a site is closed, both dates inclusive. */
export function closuresOf(plan: PopulationPlan, site: SiteRow): readonly ClosureRow[] {
  const holiday = holidayOf(plan)
  const closures = [
    { start: addYears(holiday, -1), end: addYears(holiday, -1), reason: 'Clinic holiday' },
    { start: holiday, end: holiday, reason: 'Clinic holiday' },
  ]
  if (site.id !== 'site-phoenix') return closures
  const works = {
    start: addDays(plan.anchorDate, 37),
    end: addDays(plan.anchorDate, 38),
    reason: 'Building work',
  }
  return [...closures, works]
}

export function isClosed(plan: PopulationPlan, site: SiteRow, date: string): boolean {
  return closuresOf(plan, site).some((closure) => closure.start <= date && date <= closure.end)
}
